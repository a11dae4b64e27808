// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Mustache

/// Escapes what could end a text or an attribute.
///
/// Mustache's own HTML type looks at whole characters, so a quote that carries a combining mark passes it; a browser sees the quote.
struct MarkupContentType: MustacheContentType {
  static let name = "MARKUP"

  func escapeText(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      // No document may hold them, escaped or not.
      case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}": escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
