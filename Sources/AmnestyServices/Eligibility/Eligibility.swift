// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
package import AmnestyWire

/// `amnesty.v1.EligibilityService`: assesses records, stores nothing.
package struct Eligibility: EligibilityServiceProvider {
  private let acts: ActsInForce

  package init(_ acts: ActsInForce) { self.acts = acts }

  package func assess(_ request: AssessRequest, context: CallContext) throws(Status) -> AssessResponse {
    AssessResponse(assessment: try assess(request))
  }

  /// A record that cannot be assessed has its error in its place; the stream goes on.
  package func assessStream(_ request: AssessRequest, context: CallContext) throws(Status) -> AssessStreamResponse {
    AssessStreamResponse(assessment: try assess(request))
  }

  private func assess(_ request: AssessRequest) throws(Status) -> AmnestyWire.Assessment {
    let acts = self.acts.current
    let act = try acts.act(request.actId)
    let asOf = try day(request.asOf, of: act)
    let facts = try CaseFacts(request.record, under: act, in: acts)
    let explain = request.explain ?? true
    return AmnestyWire.Assessment(
      act.act.assess(facts, asOf: asOf, explain: explain), of: facts, under: act, asOf: asOf, recordDigest: request.record.digest,
      explain: explain)
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
