// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// Runs an act over its worked examples and reports every cell that the act does not bear out.
struct ExampleRun {
  let act: CompiledAct
  var list: ProblemList
  private var failures = 0

  static func run(_ table: ExampleTable, on act: CompiledAct, into list: inout ProblemList) {
    var run = ExampleRun(act: act, list: list)
    for example in table.examples { run.check(example, columns: Set(table.columns)) }
    list = run.list
  }

  private init(act: CompiledAct, list: ProblemList) {
    self.act = act
    self.list = list
  }

  private mutating func check(_ example: ExampleTable.Example, columns: Set<String>) {
    let first = example.rows[0]
    guard let asOf = first.cells["asOf"] else { return }
    guard let day = Day(asOf.text) else {
      list.report(asOf.place, "\(asOf.text) is no day", hint: "YYYY-MM-DD")
      return
    }
    guard let facts = facts(example) else { return }
    for contradiction in facts.contradictions() {
      list.report(
        first.place, "\(example.name): the facts contradict themselves at \(contradiction.pointer): \(contradiction.message)",
        hint: "correct the row")
      return
    }
    let answer = act.assess(facts, asOf: day, explain: true)
    func expect(_ column: String, in row: ExampleTable.Row, _ actual: String, _ list: inout ProblemList) {
      guard columns.contains(column) else { return }
      let wanted = row.cells[column]?.text ?? ""
      if wanted == actual { return }
      list.report(
        row.cells[column]?.place ?? row.place,
        "example \(example.name): \(column) is \(actual.isEmpty ? "empty" : actual), the table says \(wanted.isEmpty ? "empty" : wanted)",
        hint: "correct the act, or the example")
    }
    expect("outcome", in: first, answer.outcome.rawValue, &list)
    expect("basis", in: first, answer.basis?.word ?? "", &list)
    expect("standing", in: first, answer.isFinal ? "final" : "provisional", &list)
    expect("releaseOn", in: first, answer.sentence?.releaseOn?.text ?? "", &list)
    expect("newEnd", in: first, answer.sentence?.newEnd?.text ?? "", &list)
    expect("reduced", in: first, answer.sentence?.reduced?.text ?? "", &list)
    expect("reducedAmount", in: first, answer.sentence?.reducedAmount.map(String.init) ?? "", &list)
    expect("notes", in: first, answer.notes.map(\.code).joined(separator: " "), &list)
    expect("readings", in: first, readings(answer), &list)
    expectSet("missing", in: first, of: example, answer.missing.map { name($0.slot, facts) }, columns)
    expectReferrals(in: first, of: example, answer, columns)
    for (row, offence) in zip(example.rows, answer.offences) { expect("measure", in: row, offence.measure ?? "", &list) }
  }

  // MARK: Facts

  private mutating func facts(_ example: ExampleTable.Example) -> CaseFacts? {
    let offences = example.rows.indices.map { CaseFacts.Offence(id: String($0 + 1), position: $0) }
    var facts = CaseFacts(layout: act.layout, offences: offences)
    var isReadable = true
    for (index, row) in example.rows.enumerated() {
      for (column, cell) in row.cells {
        if column == "sentence.additional" {
          facts.hasAdditionalPunishments = cell.text == "true"
          continue
        }
        let name = ExampleTable.factName(column)
        guard let ref = act.layout.ref(named: name) else { continue }
        if index > 0, !ref.isOffence {
          list.report(cell.place, "\(column) is a fact of the case", hint: "write it in the first row of the example")
          isReadable = false
        } else if cell.text == "disputed" || cell.text == "unknowable" {
          facts.withhold(act.layout.index(ref, offence: index))
        } else if !facts.set(name, offence: index, to: cell.text == "-" ? "" : cell.text) {
          list.report(cell.place, "\(cell.text) is no value of \(column)", hint: hint(act.layout.fact(ref).type))
          isReadable = false
        }
      }
    }
    return isReadable ? facts : nil
  }

  private func hint(_ type: FactType) -> String {
    switch type {
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .words(let words): "words with blanks between them, or - for none: " + words.joined(separator: ", ")
    case .territory: "two capital letters, for example KZ"
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .day: "YYYY-MM-DD"
    case .term: "a term, for example P1Y6M"
    case .article: "an article, for example 188 or 188-1"
    }
  }

  /// A fact as the table names it; of a further offence with its number in front.
  private func name(_ slot: Int, _ facts: CaseFacts) -> String {
    let (ref, offence) = act.layout.locate(slot)
    let column = ExampleTable.column(act.layout.fact(ref).name)
    guard let offence, offence > 0 else { return column }
    return "\(offence + 1).\(column)"
  }

  // MARK: Expectations

  private func readings(_ answer: Assessment) -> String {
    answer.readings.map { "\($0.answer.rawValue)=\($0.releaseOn?.text ?? "-")" }.joined(separator: " ")
  }

  private mutating func expectSet(
    _ column: String, in row: ExampleTable.Row, of example: ExampleTable.Example, _ actual: [String], _ columns: Set<String>
  ) {
    guard columns.contains(column) else { return }
    let wanted = (row.cells[column]?.text ?? "").split(separator: " ").map(String.init)
    if Set(wanted) != Set(actual) { tell(column, in: row, of: example, actual: actual, wanted: wanted) }
  }

  /// `code`, or `code:provision` where the table is to say which.
  private mutating func expectReferrals(
    in row: ExampleTable.Row, of example: ExampleTable.Example, _ answer: Assessment, _ columns: Set<String>
  ) {
    guard columns.contains("referrals") else { return }
    let wanted = (row.cells["referrals"]?.text ?? "").split(separator: " ").map(String.init)
    let actual = answer.referrals.map { referral in
      referral.code.rawValue + (referral.provision.map { ":" + act.provisions[$0].id } ?? "")
    }
    let agrees =
      wanted.allSatisfy { token in actual.contains { $0 == token || $0.hasPrefix(token + ":") } }
      && actual.allSatisfy { found in wanted.contains { found == $0 || found.hasPrefix($0 + ":") } }
    if !agrees { tell("referrals", in: row, of: example, actual: actual, wanted: wanted) }
  }

  private mutating func tell(
    _ column: String, in row: ExampleTable.Row, of example: ExampleTable.Example, actual: [String], wanted: [String]
  ) {
    list.report(
      row.cells[column]?.place ?? row.place,
      "example \(example.name): \(column) is \(actual.isEmpty ? "empty" : actual.joined(separator: " ")), the table says \(wanted.isEmpty ? "empty" : wanted.joined(separator: " "))",
      hint: "correct the act, or the example")
  }
}
