// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules

/// A table of worked examples of any bytes, run on the fictional act: each cell is borne out, or told with its place.
enum ExamplesTarget {
  private static let act = ActFile.load(contentsOf: RepositoryFolder.path("acts/xx-sample-fictional.yaml")).act

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    guard let act = Self.act else { throw Discrepancy("the fictional act cannot be loaded") }
    let result = ActExamples.run(Array(bytes), name: "fuzz.csv", on: act)
    try require(result.count > 0 || !result.problems.isEmpty, "no example, and nothing told")
    for problem in result.problems {
      try require(problem.place.line >= 1 && problem.place.column >= 1, "a problem without a place: \(problem)")
    }
    return .worthKeeping
  }
}
