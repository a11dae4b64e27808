// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import RegisterConformance

/// A chain with what a store would keep beside it, for tests of the value alone.
struct ChainWalk {
  var chain = CaseChain(registrant: Synthetic.registrar.person)
  var recordDigest = "sha256:record-1"
  var recordVersion = 1
  var detained: Bool? = true
  var assessments = 0
  var openNeeds = 0
  var clocks: [CaseClock] = []
  var day = Synthetic.today
  var office = Synthetic.office
  var links: [LinkDraft] = []

  func context(_ author: Author) -> ChainContext {
    ChainContext(
      author: author, day: day, at: Instant(milliseconds: Int64(day.number) * 86_400_000), office: office, recordDigest: recordDigest,
      recordVersion: recordVersion, detained: detained, assessments: assessments, openNeeds: openNeeds, clocks: clocks)
  }

  mutating func apply(_ command: CaseCommand, by author: Author) throws(RegisterError) {
    let step = try chain.applying(command, in: context(author))
    for effect in step.effects {
      switch effect {
      case .record(let record, _):
        recordDigest = record.digest
        recordVersion += 1
        detained = record.columns.detained
      case .assessment: assessments += 1
      case .move(let office): self.office = office
      case .pauseClock(let kind, let reason): clocks = CaseClocks.pausing(kind, reason: reason, in: clocks, on: day)
      case .resumeClock(let kind): clocks = CaseClocks.resuming(kind, in: clocks, on: day)
      case .openNeeds: openNeeds = 2
      case .cancelNeeds: openNeeds = 0
      case .propagate: break
      }
    }
    chain = step.chain
    links.append(step.link)
    clocks = CaseClocks.after(chain, from: clocks, policy: Synthetic.policy, on: day)
  }

  func stamp(
    _ outcome: AssessmentOutcome = .eligible, _ measures: Set<String> = [Measure.reduceTerm], act: ActStamp = Synthetic.act,
    isFinal: Bool = true, releaseOn: Day? = nil, newEnd: Day? = Synthetic.day("2023-04-10")
  ) -> AssessmentStamp {
    AssessmentStamp(
      act: act, recordDigest: recordDigest, recordVersion: recordVersion, asOf: day, isFinal: isFinal, outcome: outcome,
      measures: outcome == .ineligible ? [] : measures, releaseOn: releaseOn, newEnd: newEnd, bytes: [])
  }

  mutating func assess(_ outcome: AssessmentOutcome = .eligible, _ measures: Set<String> = [Measure.reduceTerm]) throws(RegisterError) {
    try apply(.assess(stamp(outcome, measures)), by: Synthetic.preparer)
  }

  mutating func propose(_ verdict: Verdict = .grant, reason: String? = nil) throws(RegisterError) {
    try apply(.propose(verdict, measures: nil, reason: reason), by: Synthetic.preparer)
  }

  mutating func decide(_ verdict: Verdict = .grant) throws(RegisterError) {
    try apply(Synthetic.decide(verdict), by: Synthetic.authority)
  }

  /// As far as a grant of these measures.
  static func granted(_ measures: Set<String> = [Measure.reduceTerm], detained: Bool? = true) throws(RegisterError) -> ChainWalk {
    var walk = ChainWalk()
    walk.detained = detained
    try walk.assess(.eligible, measures)
    try walk.propose()
    try walk.decide()
    return walk
  }

  /// A case in each state, by the shortest way there.
  static func reaching(_ state: CaseState) throws(RegisterError) -> ChainWalk {
    var walk = ChainWalk()
    walk.clocks = CaseClocks.after(walk.chain, from: [], policy: Synthetic.policy, on: walk.day)
    switch state {
    case .registered: break
    case .assessed: try walk.assess(.eligible, [Measure.terminate])
    case .referred: try walk.assess(.referred, [Measure.terminate])
    case .proposed:
      try walk.assess(.eligible, [Measure.terminate])
      try walk.propose()
    case .granted: walk = try granted()
    case .refused:
      try walk.assess(.ineligible)
      try walk.propose(.refuse)
      try walk.decide(.refuse)
    case .awaitingJudgment: walk = try granted([Measure.reduceAtSentencing])
    case .executed:
      walk = try granted([Measure.terminate], detained: false)
      try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    case .aftercare:
      walk = try granted()
      try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
      walk.openNeeds = 0
    case .closed:
      walk = try reaching(.aftercare)
      try walk.apply(.close(note: nil), by: Synthetic.executor)
    case .withdrawn: try walk.apply(.withdraw(reason: "registered twice"), by: Synthetic.registrar)
    case .revoked:
      walk = try reaching(.aftercare)
      try walk.apply(.revoke(.forgedPaper, reason: "the certificate was forged"), by: Synthetic.judge)
    }
    return walk
  }
}
