// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts
internal import Foundation
internal import Glibc

/// What a stream of the process is shown on.
package struct Terminal: Sendable, Equatable {
  /// Columns; nil where it is no terminal, and lines may be as long as they are.
  package var width: Int?
  package var hasColour: Bool
  /// The language of headings, labels and messages; words of the contract stay as they are typed.
  package var language: Language

  package init(width: Int?, hasColour: Bool, language: Language = .en) {
    self.width = width
    self.hasColour = hasColour
    self.language = language
  }

  package func speaking(_ language: Language) -> Terminal {
    Terminal(width: self.width, hasColour: self.hasColour, language: language)
  }

  /// Of a file descriptor. `NO_COLOR`, set to anything but nothing, and `TERM=dumb` turn colour off.
  package init(descriptor: CInt, environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard isatty(descriptor) == 1 else {
      self.init(width: nil, hasColour: false, language: .ofUser(environment: environment))
      return
    }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let width = isKnown ? Int(size.ws_col) : environment["COLUMNS"].flatMap(Int.init) ?? 80
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
    self.init(width: max(20, width), hasColour: !isPlain, language: .ofUser(environment: environment))
  }

  package static var output: Terminal { Terminal(descriptor: STDOUT_FILENO) }
  package static var error: Terminal { Terminal(descriptor: STDERR_FILENO) }
}

/// How a word is shown where there is colour.
package enum Style: String, Sendable {
  case plain = ""
  case bold = "1"
  case good = "32"
  case bad = "31"
  case warning = "33"
  case dim = "2"

  package func apply(_ text: String, on terminal: Terminal) -> String {
    terminal.hasColour && self != .plain ? "\u{1B}[\(self.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// The columns the text takes: a letter of any alphabet one, an ideograph or emoji two, a combining mark none.
  package var columns: Int {
    self.reduce(0) { $0 + $1.columns }
  }

  /// The text in at most `columns` columns, with an ellipsis where it was cut.
  package func clipped(to columns: Int) -> String {
    guard self.columns > columns else { return self }
    var text = ""
    var used = 0
    for character in self {
      guard used + character.columns < columns else { break }
      text.append(character)
      used += character.columns
    }
    return columns > 0 ? text + "…" : ""
  }

  /// Broken between words into lines of at most `columns` columns; a longer word stands alone.
  package func wrapped(to columns: Int?) -> [String] {
    guard let columns else { return [self] }
    var lines: [String] = []
    var line = ""
    for word in self.split(separator: " ") {
      if !line.isEmpty, line.columns + 1 + word.reduce(0, { $0 + $1.columns }) > columns {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
  }
}

extension Character {
  fileprivate var columns: Int {
    guard let scalar = self.unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
