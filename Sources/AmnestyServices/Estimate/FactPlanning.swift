// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire

/// `WorkService/FactPlan`: which missing facts to ask which office for first.
struct FactPlanning: Sendable {
  private let access: RegisterAccess

  init(_ access: RegisterAccess) { self.access = access }

  /// One missing fact of one case.
  private struct Ask {
    var reference: String
    var office: String
    var detained: Bool?
    var pointer: String
    var fact: FactRef
    var isForEnd: Bool
  }

  func run(_ request: FactPlanRequest, _ context: CallContext, _ responses: ResponseSender<FactPlanResponse>) async throws(Status) {
    let snapshot = access.acts.current
    let act = try snapshot.act(request.actId)
    let asOf = try Estimation.day(request.asOf, of: act)
    let run = try Estimation.registerRun(access, request.office, context, [act], snapshot, asOf)
    try access.noteRead(access.caller(context).reader(as: .viewer, office: request.office), context, subject: request.digest)
    var summary = FactPlanSummary(act: act.reference, asOf: asOf.text, cases: 0, undetermined: 0, detained: 0, forEnd: 0)
    var open: [FactPlan.OpenCase] = []
    var asks: [Ask] = []
    try await run.pages { (page) async throws(Status) in
      for (record, facts) in page {
        guard let facts = facts?.first else { continue }
        summary.cases += 1
        let answer = act.act.assess(facts, asOf: asOf, explain: false)
        if answer.missing.isEmpty { continue }
        let missing = FactPlanning.asks(answer, facts, record)
        if answer.outcome == .undetermined {
          summary.undetermined += 1
          let isDetained = facts[record: RecordSlot.detained] == 1
          if isDetained { summary.detained += 1 }
          let questions = missing.filter { !$0.isForEnd }.map {
            FactPlan.Question(fact: act.act.layout.fact($0.fact).name, body: record.office)
          }
          open.append(.init(isDetained: isDetained, questions: Set(questions)))
        } else {
          summary.forEnd += 1
        }
        if request.asks == true { asks += missing }
      }
    }
    let plan = FactPlan(open)
    try await responses.send(FactPlanResponse(summary: summary))
    try await send(plan, asks, act, responses)
  }

  private static func asks(_ answer: AmnestyRules.Assessment, _ facts: CaseFacts, _ record: CurrentRecord) -> [Ask] {
    let detained = facts[record: RecordSlot.detained]
    return answer.missing.map { missing in
      Ask(
        reference: record.reference, office: record.office, detained: detained == CaseFacts.unknown ? nil : detained == 1,
        pointer: facts.pointer(missing.slot), fact: facts.layout.locate(missing.slot).ref, isForEnd: missing.isForEnd)
    }
  }

  private func send(
    _ plan: FactPlan, _ asks: [Ask], _ act: ServedAct, _ responses: ResponseSender<FactPlanResponse>
  ) async throws(Status) {
    let layout = act.act.layout
    var ranks: [FactPlan.Question: Int] = [:]
    for (index, step) in plan.steps.enumerated() {
      guard let ref = layout.ref(named: step.question.fact) else { continue }
      ranks[step.question] = index + 1
      let question = FactQuestion(
        rank: index + 1, fact: step.question.fact, office: step.question.body, question: act.question(ref), asked: step.asked,
        settles: step.settles, settlesDetained: step.settlesDetained, settledSoFar: step.settledSoFar)
      try await responses.send(FactPlanResponse(question: question))
    }
    // In the order of the plan; what only the new end waits for comes last.
    let ranked = asks.map { ask in
      (ask, ask.isForEnd ? nil : ranks[FactPlan.Question(fact: layout.fact(ask.fact).name, body: ask.office)])
    }
    for (ask, rank) in ranked.sorted(by: { ($0.1 ?? .max, $0.0.reference, $0.0.pointer) < ($1.1 ?? .max, $1.0.reference, $1.0.pointer) }) {
      let item = FactAsk(
        rank: rank, reference: ask.reference, office: ask.office, detained: ask.detained, fact: ask.pointer, question: act.question(ask.fact))
      try await responses.send(FactPlanResponse(ask: item))
    }
  }
}
