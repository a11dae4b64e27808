// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// A file that an act is read from.
package struct ActSource: Sendable, Equatable {
  /// The file as the caller named it.
  package var name: String
  package var bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// Finds the file that an act extends, by the name that it gives.
package typealias BaseLookup = (_ name: String) -> Result<ActSource, FileProblem>

/// The files of one act, its own first, then those that it extends, and what they say together.
struct ActSources {
  private(set) var files: [ActSource] = []
  /// The act whole; nil where it could not be read, and the problems say why.
  private(set) var root: YamlNode?
  private(set) var list: ProblemList
  /// Names that were followed, so that no file extends itself.
  private var followed: Set<String>

  /// More files than this explain nothing to anybody.
  static let limit = 8

  /// Of a file without a folder: what it extends is not there.
  static func none(_ name: String) -> Result<ActSource, FileProblem> {
    .failure(FileProblem(file: name, at: .unknown, "is not at hand", hint: "give it together with the file that extends it"))
  }

  /// The lookup of files beside this one.
  static func beside(_ path: String) -> BaseLookup {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return { name in
      FileBytes.read(folder + name + ".yaml", limit: YamlReader.sizeLimit).map { ActSource(name: folder + name + ".yaml", bytes: $0) }
    }
  }

  init(_ own: ActSource, bases: BaseLookup) {
    list = ProblemList(files: [])
    let name = own.name.split(separator: "/").last ?? ""
    followed = [String(name.hasSuffix(".yaml") ? name.dropLast(".yaml".count) : name)]
    root = read(own, bases)
  }

  private mutating func read(_ source: ActSource, _ bases: BaseLookup) -> YamlNode? {
    let number = files.count
    files.append(source)
    list.addFile(source.name)
    var own = ProblemList(file: source.name)
    let root = YamlReader.read(source.bytes, into: &own)?.placed(inFile: number)
    for problem in own.problems { list.add(problem) }
    guard let root, let extends = root["extends"] else { return root }
    guard let base = base(extends, bases).flatMap({ read($0, bases) }) else { return nil }
    return ActOverlay.merge(root, over: base, &list)
  }

  private mutating func base(_ extends: YamlNode, _ bases: BaseLookup) -> ActSource? {
    var reader = DocumentReader(list: list)
    let name = reader.text(extends, .fileName)
    list = reader.list
    guard name.place != .unknown else { return nil }
    guard followed.insert(name.value).inserted else {
      list.report(name.place, "the act extends itself by way of \(name.value)", hint: "extend an act that stands alone")
      return nil
    }
    guard files.count < ActSources.limit else {
      list.report(name.place, "more than \(ActSources.limit) files extend one another", hint: "extend an act that is nearer to the law")
      return nil
    }
    switch bases(name.value) {
    case .success(let source): return source
    case .failure(let problem):
      list.report(name.place, "\(problem.file), which is extended: \(problem.message)", hint: problem.hint)
      return nil
    }
  }
}
