// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire

/// A sum that is being made.
struct RunningEstimate {
  var tally: EstimateTally
  let acts: [ServedAct]
  let snapshot: ActSnapshot
  private var refused = 0

  init(_ tally: EstimateTally, _ acts: [ServedAct], _ snapshot: ActSnapshot) {
    self.tally = tally
    self.acts = acts
    self.snapshot = snapshot
  }

  var report: EstimateReport { EstimateReport(tally, refused: refused, acts) }

  /// Cases between two messages of progress.
  private static let progressStep = 5_000

  /// Adds every case of a run.
  mutating func add(_ run: RegisterRun, _ progress: (Int) async throws(Status) -> Void) async throws(Status) {
    var done = 0
    // The closure's own, so that nothing is shared with the page that is read meanwhile.
    var running = self
    try await run.pages { (page) async throws(Status) in
      for (record, facts) in page {
        running.add(record.reference, record.personKey, facts)
        done += 1
        if done % RunningEstimate.progressStep == 0 { try await progress(done) }
      }
    }
    self = running
  }

  /// `facts`: nil for a record that cannot be assessed.
  mutating func add(_ reference: String, _ personKey: String?, _ facts: [CaseFacts]?) {
    guard let facts else {
      refused += 1
      return
    }
    var answers: [EstimateTally.Answer] = []
    answers.reserveCapacity(acts.count)
    for (act, facts) in zip(acts, facts) {
      answers.append(.init(facts: facts, assessment: act.act.assess(facts, asOf: tally.asOf, explain: false)))
    }
    tally.add(reference, person: personKey.flatMap { UInt64($0) }, answers)
  }

  /// Records that the caller sends, from the first request on.
  mutating func take(
    _ first: EstimateRequest, iterator: inout RequestMessages<EstimateRequest>.AsyncIterator, _ responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    var next: EstimateRequest? = first
    var done = 0
    while true {
      if let record = next?.record {
        done += 1
        if let error = add(record) { try await responses.send(EstimateResponse(error: error)) }
        if done % RunningEstimate.progressStep == 0 { try await responses.send(EstimateResponse(progress: EstimateProgress(done: done))) }
      }
      do throws(Status) {
        guard let request = try await iterator.next() else { return }
        next = request
      } catch where error.code == .invalidArgument {
        // A record that cannot be read has its error in its place; the stream goes on.
        done += 1
        refused += 1
        next = nil
        try await responses.send(EstimateResponse(error: error))
      }
    }
  }

  private mutating func add(_ record: AmnestyWire.CaseRecord) -> Status? {
    var facts: [CaseFacts] = []
    do throws(Status) {
      for act in acts { facts.append(try CaseFacts(record, under: act, in: snapshot)) }
    } catch {
      refused += 1
      return error
    }
    add(record.reference, record.person?.iin, facts)
    return nil
  }
}
