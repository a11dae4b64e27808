// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
internal import Glibc

/// One of many that was not done, and why.
package struct Refusal: Sendable, Equatable {
  /// Its place among the records of a file, from 0.
  package var index: Int?
  /// The line of the file, from 1.
  package var line: Int?
  package var reference: String?
  package var status: Status

  package init(index: Int?, line: Int?, reference: String?, status: Status) {
    self.index = index
    self.line = line
    self.reference = reference
    self.status = status
  }

  package var json: String {
    var members: [String] = []
    if let index { members.append("\"index\":\(index)") }
    if let line { members.append("\"line\":\(line)") }
    if let reference { members.append("\"reference\":" + JSONText.quoted(reference)) }
    members.append("\"status\":" + JSONText.of(self.status))
    return "{" + members.joined(separator: ",") + "}"
  }

  /// As a person reads it.
  package func text(in language: Language) -> String {
    let why = ErrorReport.summary(of: self.status, language)
    guard let line else { return "\(self.reference ?? "-"): \(why)" }
    guard let reference else { return Text.refusalOfLineUnnamed(language, line: "\(line)", why: why) }
    return Text.refusalOfLine(language, line: "\(line)", reference: reference, why: why)
  }
}

/// Where refusals go: a file, one JSON object a line; or the first ones to standard error, for a person.
package struct RefusalWriter: ~Copyable {
  private var file: StandardOutput?
  private let name: String?
  private var descriptor: CInt = -1
  package private(set) var count = 0

  /// A person reads no more than these.
  private static let shown = 20

  package init(file: String?) throws(InputError) {
    self.name = file
    guard let file else { return }
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let why = SystemError()
      throw InputError(exitCode: EX_CANTCREAT) { Text.outputRefusalsNotWritten($0, file: file, why: why.text(in: $0)) }
    }
    self.descriptor = descriptor
    self.file = StandardOutput(descriptor: descriptor)
  }

  package mutating func write(_ refusal: Refusal) throws {
    self.count += 1
    if self.file != nil {
      try self.file?.line(refusal.json)
    } else if self.count <= Self.shown {
      StandardError.write("amnestyctl: \(refusal.text(in: .ofUser()))\n")
    }
  }

  package mutating func finish() throws {
    try self.file?.flush()
    if self.descriptor >= 0 {
      close(self.descriptor)
      self.descriptor = -1
    }
    if let name, self.count > 0 {
      StandardError.write("amnestyctl: \(Text.refusalsInFile(.ofUser(), count: "\(self.count)", file: name))\n")
    } else if name == nil, self.count > Self.shown {
      StandardError.write("amnestyctl: \(Text.refusalsMore(.ofUser(), count: "\(self.count - Self.shown)"))\n")
    }
  }
}
