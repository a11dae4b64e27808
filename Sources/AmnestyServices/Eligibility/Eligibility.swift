// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

/// `amnesty.v1.EligibilityService`: assesses records, stores nothing.
package struct Eligibility: EligibilityServiceProvider {
  private let acts: ActsInForce
  private let estimation: Estimation
  /// Nil where no register is served.
  private let reassessment: Reassessment?

  /// - Parameter register: nil where none is served: then nothing is estimated but what callers send, and nothing reassessed.
  package init(_ acts: ActsInForce, register: RegisterAccess? = nil) {
    self.acts = acts
    estimation = Estimation(acts, register)
    reassessment = register.map { Reassessment($0) }
  }

  package func assess(_ request: AssessRequest, context: CallContext) throws(Status) -> AssessResponse {
    AssessResponse(assessment: AmnestyWire.Assessment(try answer(request)))
  }

  package func assessStream(_ request: AssessRequest, context: CallContext) throws(Status) -> AssessStreamResponse {
    AssessStreamResponse(assessment: AmnestyWire.Assessment(try answer(request)))
  }

  package func reassess(
    _ request: ReassessRequest, context: CallContext, responses: ResponseSender<ReassessResponse>
  ) async throws(Status) {
    guard let reassessment else { throw .noRegister }
    try await reassessment.run(request, context, responses)
  }

  package func estimate(
    _ requests: RequestMessages<EstimateRequest>, context: CallContext, responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    try await estimation.run(requests, context, responses)
  }

  package func outlook(_ request: OutlookRequest, context: CallContext) async throws(Status) -> OutlookResponse {
    let acts = self.acts.current
    let act = try acts.act(request.actId)
    let asOf = try day(request.asOf, of: act)
    let facts = try CaseFacts(request.record, under: act, in: acts)
    let outlook = act.act.outlook(facts, asOf: asOf)
    let answer = Answer(
      assessment: outlook.answer, facts: facts, act: act, asOf: asOf, recordDigest: request.record.digestSum, explain: true)
    return OutlookResponse(outlook, answer)
  }

  /// The service as a server takes it. The answers are the bytes of the messages above, written without making the messages.
  package var registration: ServiceRegistration {
    ServiceRegistration(methods: [
      (
        EligibilityService.assess.descriptor,
        .inline { (_, body, output) throws(Status) in try answer(body).write(into: &output) }
      ),
      (
        EligibilityService.assessStream.descriptor,
        .inlineStream { _ throws(Status) in
          { (body, output) throws(Status) in
            // A record that cannot be assessed has its error in its place; the stream goes on.
            do throws(Status) {
              try answer(body).write(into: &output)
            } catch {
              AssessStreamResponse(error: error).encode(into: &output)
            }
          }
        }
      ),
      (
        EligibilityService.reassess.descriptor,
        .stream { (context, requests, responses) async throws(Status) in
          let request = try await RequestMessages<ReassessRequest>(requests).only()
          try await reassess(request, context: context, responses: ResponseSender(responses))
          return nil
        }
      ),
      (
        EligibilityService.estimate.descriptor,
        .stream { (context, requests, responses) async throws(Status) in
          try await estimate(RequestMessages(requests), context: context, responses: ResponseSender(responses))
          return nil
        }
      ),
      (
        EligibilityService.outlook.descriptor,
        .task { (context, body) async throws(Status) in
          var output = ByteBuffer()
          try await outlook(OutlookRequest.decode(body), context: context).encode(into: &output)
          return output
        }
      ),
    ])
  }

  /// From bytes to an answer: by a scan where it suffices, else, and for every error, by the message.
  private func answer(_ body: ByteBuffer) throws(Status) -> Answer {
    if let answer = scannedAnswer(body) { return answer }
    return try answer(AssessRequest.decode(body))
  }

  /// Nil where the message has to be read.
  private func scannedAnswer(_ body: ByteBuffer) -> Answer? {
    body.withUnsafeReadableBytes { bytes in
      var scan = AssessRequest.Scan()
      guard AssessRequest.scan(bytes, into: &scan) else { return nil }
      let acts = self.acts.current
      let id = scan.actId.isPresent ? scan.actId.string(in: bytes) : nil
      guard let act = try? acts.act(id), let asOf = scannedDay(scan.asOf, in: bytes, of: act),
        let facts = CaseFacts.scanned(scan.record, in: bytes, under: act)
      else { return nil }
      let explain = scan.explain ?? true
      return Answer(
        assessment: act.act.assess(facts, asOf: asOf, explain: explain), facts: facts, act: act, asOf: asOf,
        recordDigest: scan.record.digest(in: bytes), explain: explain)
    }
  }

  private func scannedDay(_ text: ScannedPlace, in bytes: UnsafeRawBufferPointer, of act: ServedAct) -> Day? {
    text.isPresent ? Day(utf8: text.bytes(in: bytes)) : act.today?.day
  }

  /// - Parameter readings: those that a person chose; nil where nobody did.
  func answer(_ request: AssessRequest, following readings: [ChosenReading]? = nil) throws(Status) -> Answer {
    try answer(request, under: acts.current.act(request.actId), following: readings)
  }

  /// Whatever act the request names. Readings of points that the act does not have (any more) are left out.
  func answer(_ request: AssessRequest, under act: ServedAct, following readings: [ChosenReading]?) throws(Status) -> Answer {
    let asOf = try day(request.asOf, of: act)
    let facts = try CaseFacts(request.record, under: act, in: acts.current)
    let explain = request.explain ?? true
    let chosen = (readings ?? []).compactMap { reading in act.answer(reading).map { (reading: reading, answer: $0) } }
    let answers = Dictionary(chosen.map { ($0.reading.question, $0.answer) }, uniquingKeysWith: { first, _ in first })
    return Answer(
      assessment: act.act.assess(facts, asOf: asOf, explain: explain, following: answers), facts: facts, act: act, asOf: asOf,
      recordDigest: request.record.digestSum, explain: explain, chosenReadings: chosen.isEmpty ? nil : chosen.map(\.reading))
  }

  /// The day asked about; today where the act is, if none was.
  private func day(_ text: String?, of act: ServedAct) throws(Status) -> Day {
    try Estimation.day(text, of: act)
  }
}
