// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// An act file read, checked and compiled; its examples are another file's matter.
package struct ActFile: Sendable {
  /// The file as the caller named it.
  package var name: String
  package var document: ActDocument
  package var definition: ActDefinition
  package var compiled: CompiledAct
  /// The bytes that were read.
  package var source: [UInt8]
  /// What was published of it, where that stands beside it.
  package var figures: [PublishedFigure] = []

  /// `sha256:…` over the canonical JSON of the document: comments, layout and the order of keys do not change it.
  package var digest: String { compiled.digest }

  /// What was read: the act, or every problem that keeps it from being one.
  package struct Result: Sendable {
    package var act: ActFile?
    /// Errors, in the order of their places; empty where there is an act.
    package var problems: [FileProblem]
    /// What an author should look at in a sound act.
    package var warnings: [FileProblem] = []
  }

  /// Reads an act from the bytes of a file. Any bytes will do: what is no act is told with its places.
  package static func parse(_ bytes: [UInt8], name: String) -> Result {
    var list = ProblemList(file: name)
    guard let root = YamlReader.read(bytes, into: &list) else { return Result(act: nil, problems: list.sorted) }
    var reader = DocumentReader(list: list)
    let document = ActDocument(root, &reader)
    list = reader.list
    let definition = ActLowering.lower(document, &list)
    guard list.isEmpty else { return Result(act: nil, problems: list.sorted) }
    do {
      let compiled = try CompiledAct(definition, digest: document.json.digest)
      let act = ActFile(name: name, document: document, definition: definition, compiled: compiled, source: bytes)
      let found = compiled.review().map { FileProblem($0, file: name, otherwise: document.place) }
      let errors = found.filter { $0.severity == .error }
      return Result(act: errors.isEmpty ? act : nil, problems: errors, warnings: found.filter { $0.severity == .warning })
    } catch {
      for problem in error.problems { list.add(FileProblem(problem, file: name, otherwise: document.place)) }
      return Result(act: nil, problems: list.sorted)
    }
  }

  /// Reads an act from a file.
  package static func load(contentsOf path: String) -> Result {
    switch FileBytes.read(path, limit: YamlReader.sizeLimit) {
    case .success(let bytes): parse(bytes, name: path)
    case .failure(let problem): Result(act: nil, problems: [problem])
    }
  }
}
