// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// What is wrong with an act file or its examples, where, and what to do about it.
package struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as the caller named it.
  package var file: String
  package var place: Place
  /// A warning does not keep an act from being used.
  package var severity: ActProblem.Severity
  /// The provision that it is about, where that is known.
  package var provision: String?
  package var message: String
  package var hint: String?

  package init(
    file: String, at place: Place, severity: ActProblem.Severity = .error, provision: String? = nil, _ message: String, hint: String? = nil
  ) {
    self.file = file
    // The file is named: its number among an act's files says no more.
    self.place = Place(line: place.line, column: place.column)
    self.severity = severity
    self.provision = provision
    self.message = message
    self.hint = hint
  }

  /// What the rules found in an act; where they know no place, it is the act's beginning.
  init(_ problem: ActProblem, in files: [String], otherwise place: Place) {
    let place = problem.place == .unknown ? place : problem.place
    self.init(
      file: files[place.file], at: place, severity: problem.severity, provision: problem.provision, problem.message, hint: problem.hint)
  }

  /// `acts/x.yaml:3:5: message (hint)`.
  package var description: String {
    let place = place == .unknown ? "" : ":\(place.line):\(place.column)"
    let subject = (severity == .warning ? "warning: " : "") + (provision.map { $0 + ": " } ?? "")
    return "\(file)\(place): \(subject)\(message)" + (hint.map { " (\($0))" } ?? "")
  }
}

/// Gathers problems of one file, or of all that an act is read from, in the order of their places. A problem without a place follows from one
/// already told and is dropped.
struct ProblemList {
  private(set) var problems: [FileProblem] = []
  /// The files by the number that places give.
  private(set) var files: [String]
  /// A file that is wrong everywhere is told so, not listed in full.
  static let limit = 200

  init(file: String) { files = [file] }

  init(files: [String]) { self.files = files }

  mutating func addFile(_ name: String) { files.append(name) }

  mutating func report(_ place: Place, _ message: String, hint: String? = nil) {
    guard place != .unknown else { return }
    add(FileProblem(file: files[place.file], at: place, message, hint: hint))
  }

  mutating func add(_ problem: FileProblem) {
    guard problems.count < ProblemList.limit else { return }
    if !problems.contains(problem) { problems.append(problem) }
  }

  var sorted: [FileProblem] {
    func order(_ entry: EnumeratedSequence<[FileProblem]>.Element) -> (Int, Int, Int, Int) {
      (files.firstIndex(of: entry.element.file) ?? 0, entry.element.place.line, entry.element.place.column, entry.offset)
    }
    return problems.enumerated().sorted { order($0) < order($1) }.map(\.element)
  }

  /// A place in words: where it is in another file than what it is said of, with the file.
  func words(_ place: Place, from other: Place) -> String {
    place.file == other.file ? "line \(place.line)" : "line \(place.line) of \(files[place.file])"
  }

  var isEmpty: Bool { problems.isEmpty }
}

/// The known word nearest to a misspelt one, as a hint; nil where none is near.
func nearest(_ word: String, of known: some Sequence<String>) -> String? {
  let limit = max(1, min(3, word.count / 3))
  let near = known.map { (word: $0, distance: editDistance(Array(word.lowercased()), Array($0.lowercased()))) }.min {
    $0.distance < $1.distance
  }
  guard let near, near.distance <= limit else { return nil }
  return near.word
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  // Words here are short; a huge one is near to nothing.
  guard a.count <= 100, b.count <= 100 else { return .max }
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (left == right ? 0 : 1))
      diagonal = row[j + 1]
      row[j + 1] = next
    }
  }
  return row[b.count]
}
