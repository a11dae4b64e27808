// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

/// `amnesty.v1.EligibilityService`: assesses records, stores nothing.
package struct Eligibility: EligibilityServiceProvider {
  private let acts: ActsInForce
  /// Nil where no register is served.
  private let reassessment: Reassessment?

  package init(_ acts: ActsInForce, reassessment: Reassessment? = nil) {
    self.acts = acts
    self.reassessment = reassessment
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
    guard let reassessment else {
      throw Status(.unavailable, reason: ErrorReason.registerUnavailable, "This daemon serves no register.", info: ["cause": "none"])
    }
    try await reassessment.run(request, context, responses)
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

  func answer(_ request: AssessRequest) throws(Status) -> Answer {
    let acts = self.acts.current
    return try answer(request, under: acts.act(request.actId), in: acts)
  }

  /// Whatever act the request names.
  func answer(_ request: AssessRequest, under act: ServedAct, in acts: ActSnapshot) throws(Status) -> Answer {
    let asOf = try day(request.asOf, of: act)
    let facts = try CaseFacts(request.record, under: act, in: acts)
    let explain = request.explain ?? true
    return Answer(
      assessment: act.act.assess(facts, asOf: asOf, explain: explain), facts: facts, act: act, asOf: asOf,
      recordDigest: request.record.digestSum, explain: explain)
  }

  /// The day asked about; today where the act is, if none was.
  private func day(_ text: String?, of act: ServedAct) throws(Status) -> Day {
    if let text {
      if let day = Day(text) { return day }
      throw .invalidField([FieldViolation(field: "/asOf", description: "is a day that does not exist")])
    }
    if let today = act.today { return today.day }
    let zone = act.act.definition.timeZone
    throw Status(
      .failedPrecondition, reason: "TIME_ZONE_UNKNOWN",
      "This host does not know the time zone \(zone), so it cannot tell what day it is there. Give asOf, or install the package tzdata and reload.",
      info: ["timeZone": zone])
  }
}
