// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// In which order to ask for missing facts, so that each question settles as many cases as it can, people in detention first.
///
/// A question is one fact asked of one body, for all its cases at once. A case is settled once every fact that it misses is known: then its outcome
/// and measures stand, whatever the answers are. With fewer it may be, by luck; the plan counts on none.
package struct FactPlan: Sendable, Equatable {
  package struct Question: Sendable, Hashable, Comparable {
    /// Name of the fact, as act files have it.
    package var fact: String
    package var body: String

    package init(fact: String, body: String) {
      self.fact = fact
      self.body = body
    }

    package static func < (a: Question, b: Question) -> Bool { (a.fact, a.body) < (b.fact, b.body) }
  }

  package struct Step: Sendable, Equatable {
    package var question: Question
    /// Cases in which it is asked.
    package var asked: Int
    /// Cases that are settled with it, all before it being answered.
    package var settles: Int
    package var settlesDetained: Int
    /// The same, with all steps before.
    package var settledSoFar: Int
  }

  /// An undetermined case.
  package struct OpenCase: Sendable {
    package var isDetained: Bool
    package var questions: Set<Question>

    package init(isDetained: Bool, questions: Set<Question>) {
      self.isDetained = isDetained
      self.questions = questions
    }
  }

  package private(set) var steps: [Step] = []

  package init(_ cases: [OpenCase]) {
    let questions = Set(cases.flatMap(\.questions)).sorted()
    let places = Dictionary(uniqueKeysWithValues: questions.enumerated().map { ($1, $0) })
    var asking = [[Int]](repeating: [], count: questions.count)
    var open = cases.map { Set($0.questions.map { places[$0] ?? 0 }) }
    var scores = [Score](repeating: Score(), count: questions.count)
    for (index, facts) in open.enumerated() {
      for fact in facts {
        asking[fact].append(index)
        scores[fact].add(facts.count, isDetained: cases[index].isDetained)
      }
    }
    var left = Set(questions.indices)
    var settled = 0
    while let next = left.max(by: { scores[$0] != scores[$1] ? scores[$0] < scores[$1] : $0 > $1 }) {
      left.remove(next)
      settled += scores[next].settles
      steps.append(
        Step(
          question: questions[next], asked: asking[next].count, settles: scores[next].settles, settlesDetained: scores[next].settlesDetained,
          settledSoFar: settled))
      for index in asking[next] {
        let count = open[index].count
        open[index].remove(next)
        for fact in open[index] {
          scores[fact].remove(count, isDetained: cases[index].isDetained)
          scores[fact].add(count - 1, isDetained: cases[index].isDetained)
        }
      }
    }
  }
}

/// What a question is worth now: what it settles by itself, then how far it brings the rest.
private struct Score: Comparable {
  private(set) var settles = 0
  private(set) var settlesDetained = 0
  /// By the number of facts that a case still misses, from two on.
  private var waitingDetained: [Int] = []
  private var waiting: [Int] = []

  mutating func add(_ missing: Int, isDetained: Bool) { count(missing, isDetained, 1) }
  mutating func remove(_ missing: Int, isDetained: Bool) { count(missing, isDetained, -1) }

  private mutating func count(_ missing: Int, _ isDetained: Bool, _ by: Int) {
    guard missing > 1 else {
      settles += by
      if isDetained { settlesDetained += by }
      return
    }
    Score.count(&waiting, missing - 2, by)
    if isDetained { Score.count(&waitingDetained, missing - 2, by) }
  }

  private static func count(_ counts: inout [Int], _ index: Int, _ by: Int) {
    while counts.count <= index { counts.append(0) }
    counts[index] += by
  }

  static func < (a: Score, b: Score) -> Bool {
    if a.settlesDetained != b.settlesDetained { return a.settlesDetained < b.settlesDetained }
    if a.settles != b.settles { return a.settles < b.settles }
    return isLess(a.waitingDetained, b.waitingDetained) ?? isLess(a.waiting, b.waiting) ?? false
  }

  /// By the cases that are nearest to being settled; nil where there is no difference.
  private static func isLess(_ a: [Int], _ b: [Int]) -> Bool? {
    for index in 0..<max(a.count, b.count) {
      let (one, other) = (a.indices.contains(index) ? a[index] : 0, b.indices.contains(index) ? b[index] : 0)
      if one != other { return one < other }
    }
    return nil
  }
}
