// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import Glibc
internal import NIOCore

/// The files of one act as they lie in a folder: the act, its worked examples, and those that it extends.
package struct ActFiles {
  private let act: String
  private let examples: String?
  /// Each file as it was right before it was last read; also those that were looked for in vain.
  package private(set) var stamps: [String: FileStamp?] = [:]

  package init(act: String, examples: String? = nil) {
    self.act = act
    self.examples = examples
  }

  /// More than the daemon follows.
  private static let depthLimit = 16

  package mutating func read() async throws -> CheckActRequest {
    self.stamps = [:]
    let source = try await self.text(of: self.act)
    return CheckActRequest(
      source: source, examples: try await self.readExamples(), fileName: self.act, bases: try await self.readBases(of: source))
  }

  private mutating func text(of path: String) async throws -> String {
    self.stamps[path] = FileStamp(of: path)
    return String(buffer: try await InputFile(path: path).readAll())
  }

  private mutating func readExamples() async throws -> String? {
    if let examples = self.examples { return try await self.text(of: examples) }
    guard let dot = self.act.lastIndex(of: "."), self.act[dot...] == ".yaml" || self.act[dot...] == ".yml" else { return nil }
    return try await self.textIfAny(of: self.act[..<dot] + ".examples.csv")
  }

  /// What is not there is the daemon's to tell, with the place that asks for it.
  private mutating func textIfAny(of path: String) async throws -> String? {
    self.stamps[path] = FileStamp(of: path)
    return access(path, R_OK) == 0 ? try await self.text(of: path) : nil
  }

  private mutating func readBases(of source: String) async throws -> [ActFileSource]? {
    let folder = self.act.lastIndex(of: "/").map { String(self.act[...$0]) } ?? ""
    var bases: [ActFileSource] = []
    var source = source
    while bases.count < Self.depthLimit, let name = Self.extended(by: source) {
      guard !name.contains("/"), let text = try await self.textIfAny(of: folder + name + ".yaml") else { break }
      bases.append(ActFileSource(fileName: name + ".yaml", source: text))
      source = text
    }
    return bases.isEmpty ? nil : bases
  }

  /// The name after `extends:`; a key of the document's own stands at the beginning of a line.
  package static func extended(by source: String) -> String? {
    for line in source.split(whereSeparator: \.isNewline) where line.hasPrefix("extends:") {
      let name = line.dropFirst("extends:".count).prefix { $0 != "#" }.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
      return name.isEmpty ? nil : name
    }
    return nil
  }
}
