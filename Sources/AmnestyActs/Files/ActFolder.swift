// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Foundation

/// A folder of acts: `*.yaml`, each with its examples beside it. Its folder `earlier` holds what was in force before, so that what was assessed
/// under it can be computed again; nothing else is.
package enum ActFolder {
  package struct Result: Sendable {
    /// The acts, where every one of them is sound; nil where one is not.
    package var library: ActLibrary?
    /// File by file, in the order of their names.
    package var problems: [FileProblem]
  }

  /// Reads every act of a folder and runs its examples.
  ///
  /// - Parameter defaultID: The act that calls mean which name none. Where it is not given, the one act that is neither fictional nor an
  ///   excerpt nor a draft.
  package static func load(_ folder: String, defaultID: String? = nil) -> Result {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
    } catch {
      return Result(
        library: nil, problems: [FileProblem(file: folder, at: .unknown, "no readable folder", hint: "name the folder of the acts")])
    }
    if names.isEmpty {
      return Result(
        library: nil, problems: [FileProblem(file: folder, at: .unknown, "no act in it", hint: "an act is a file that ends in .yaml")])
    }
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    var problems: [FileProblem] = []
    var acts: [ActFile] = []
    for name in names {
      let result = loadWithExamples(base + name)
      // A mistake in an act is one in each that extends it.
      problems += result.problems.filter { !problems.contains($0) }
      guard let act = result.act else { continue }
      if let other = acts.first(where: { $0.definition.id == act.definition.id }) {
        problems.append(
          FileProblem(
            file: act.name, at: act.document.act.id.place, "the act \(act.definition.id) is in \(other.name) too",
            hint: "give each act its own id"))
      } else {
        acts.append(act)
      }
    }
    let standard = defaultAct(acts, defaultID, folder, &problems)
    let earlier = earlier(below: base, &problems)
    return Result(
      library: problems.isEmpty ? ActLibrary(acts: acts, earlier: earlier, defaultAct: standard) : nil, problems: problems)
  }

  /// Versions of acts that were in force before, by the name of their files. Their examples were run when they were loaded.
  private static func earlier(below base: String, _ problems: inout [FileProblem]) -> [ActFile] {
    let folder = base + "earlier/"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var acts: [ActFile] = []
    for name in names.filter({ $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }).sorted() {
      let result = ActFile.load(contentsOf: folder + name)
      problems += result.problems
      if let act = result.act { acts.append(act) }
    }
    return acts
  }

  /// Reads one act, and runs the examples beside it: an act that fails its own examples is refused.
  package static func loadWithExamples(_ path: String) -> ActFile.Result {
    var result = ActFile.load(contentsOf: path)
    guard let act = result.act else { return result }
    let table = ActExamples.path(besides: path)
    switch FileBytes.read(table, limit: DelimitedText.sizeLimit) {
    case .success(let bytes): result.problems += ActExamples.run(bytes, name: table, on: act).problems
    case .failure(var problem):
      problem.hint = "an act needs its worked examples beside it"
      result.problems.append(problem)
    }
    let figures = PublishedFigure.path(besides: path)
    if FileManager.default.fileExists(atPath: figures) {
      switch FileBytes.read(figures, limit: DelimitedText.sizeLimit) {
      case .success(let bytes):
        let read = PublishedFigure.read(bytes, name: figures, of: act)
        result.act?.figures = read.figures
        result.problems += read.problems
      case .failure(let problem): result.problems.append(problem)
      }
    }
    if !result.problems.isEmpty { result.act = nil }
    return result
  }

  private static func defaultAct(_ acts: [ActFile], _ id: String?, _ folder: String, _ problems: inout [FileProblem]) -> ActFile? {
    if let id {
      if let act = acts.first(where: { $0.definition.id == id }) {
        if !act.definition.isDraft { return act }
        problems.append(
          FileProblem(
            file: act.name, at: act.document.act.draft?.place ?? .unknown, "\(id) is a draft, which nothing is decided on",
            hint: "let defaultAct name an act that became law"))
        return nil
      }
      if problems.isEmpty {
        problems.append(
          FileProblem(
            file: folder, at: .unknown, "no act has the id \(id)", hint: "one of " + acts.map(\.definition.id).joined(separator: ", ")))
      }
      return nil
    }
    let candidates = acts.filter { $0.definition.canBeFinal && !$0.definition.isFictional }
    return candidates.count == 1 ? candidates[0] : nil
  }
}
