// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// The table of worked examples beside an act file: `x.yaml` has `x.examples.csv`.
package enum ActExamples {
  package struct Result: Sendable {
    /// How many examples were run.
    package var count: Int
    /// Every cell that the act does not bear out, and every cell that could not be read.
    package var problems: [FileProblem]
  }

  /// Where the examples of an act file are.
  package static func path(besides act: String) -> String {
    (act.hasSuffix(".yaml") ? String(act.dropLast(".yaml".count)) : act) + ".examples.csv"
  }

  package static func run(_ bytes: [UInt8], name: String, on act: ActFile) -> Result {
    var list = ProblemList(file: name)
    let table = ExampleTable.read(bytes, layout: act.compiled.layout, into: &list)
    if list.isEmpty, table.examples.isEmpty {
      list.report(Place(line: 1, column: 1), "no example", hint: "an act shows by examples that it says what its author means")
    }
    if list.isEmpty { ExampleRun.run(table, on: act.compiled, into: &list) }
    return Result(count: table.examples.count, problems: list.sorted)
  }
}
