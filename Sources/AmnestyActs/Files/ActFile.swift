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
  /// The files that it extends, the nearest first.
  package var bases: [ActSource]
  /// What was published of it, where that stands beside it.
  package var figures: [PublishedFigure] = []

  /// `sha256:…` over the canonical JSON of the document: comments, layout and the order of keys do not change it. Of an act that extends
  /// another the document is the whole that comes of both.
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
  package static func parse(_ bytes: [UInt8], name: String, bases: BaseLookup? = nil) -> Result {
    let sources = ActSources(ActSource(name: name, bytes: bytes), bases: bases ?? ActSources.none)
    guard let root = sources.root else { return Result(act: nil, problems: sources.list.sorted) }
    var reader = DocumentReader(list: sources.list)
    let document = ActDocument(root, &reader)
    var list = reader.list
    let definition = ActLowering.lower(document, &list)
    guard list.isEmpty else { return Result(act: nil, problems: list.sorted) }
    do {
      let compiled = try CompiledAct(definition, digest: document.json.digest)
      let act = ActFile(
        name: name, document: document, definition: definition, compiled: compiled, source: bytes, bases: Array(sources.files.dropFirst()))
      for problem in compiled.review() { list.add(FileProblem(problem, in: list.files, otherwise: document.place)) }
      let errors = list.sorted.filter { $0.severity == .error }
      return Result(act: errors.isEmpty ? act : nil, problems: errors, warnings: list.sorted.filter { $0.severity == .warning })
    } catch {
      for problem in error.problems { list.add(FileProblem(problem, in: list.files, otherwise: document.place)) }
      return Result(act: nil, problems: list.sorted)
    }
  }

  /// Reads an act from a file; what it extends is looked for beside it.
  package static func load(contentsOf path: String) -> Result {
    switch FileBytes.read(path, limit: YamlReader.sizeLimit) {
    case .success(let bytes): parse(bytes, name: path, bases: ActSources.beside(path))
    case .failure(let problem): Result(act: nil, problems: [problem])
    }
  }
}
