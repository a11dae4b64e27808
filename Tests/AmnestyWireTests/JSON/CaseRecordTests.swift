// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Testing

@Suite struct CaseRecordTests {
  static let record = """
    {"reference":"SYN-2022-01457",\
    "person":{"iin":"123456789013","familyName":"Сарсенбаев","givenName":"Ерлан","patronymic":null,"bornOn":"1995-03-02"},\
    "stage":"sentenced","recidivism":"none","objectsToTermination":false,\
    "offences":[{"id":"1","article":"202","part":2,"gravity":"grave","committedFrom":"2022-01-05","committedThrough":"2022-01-05",\
    "territory":"KZ","nexus":"riot","classes":[],"sentence":{"kind":"imprisonment","term":"P5Y"}}],\
    "sentence":{"imposedOn":"2022-06-10","kind":"imprisonment","term":"P5Y","startsOn":"2022-01-10","creditDays":0,\
    "aggregation":"single","servedOn":null},"detained":true,"unknowable":[],"disputed":[],\
    "facts":{"personClasses":["veteran"],"firstImprisonment":true,"damage":1.50,"days":9223372036854775807}}
    """

  @Test func readsEveryMember() throws {
    let record = try CaseRecord(json: Self.record)
    #expect(record.reference == "SYN-2022-01457")
    #expect(record.person == Person(iin: "123456789013", familyName: "Сарсенбаев", givenName: "Ерлан", bornOn: "1995-03-02"))
    #expect(record.stage == .sentenced)
    #expect(record.recidivism == .nothing)
    #expect(record.objectsToTermination == false)
    #expect(record.offences.count == 1)
    #expect(record.offences.first?.classes == [])
    #expect(record.offences.first?.part == 2)
    #expect(record.sentence?.creditDays == 0)
    #expect(record.sentence?.servedOn == nil)
    #expect(record.facts?["days"] == .integer(.max))
    #expect(record.facts?["damage"] == .number(1.5))
    #expect(record.facts?["personClasses"] == .strings(["veteran"]))
    #expect(try CaseRecord(json: record.json) == record)
  }

  @Test func digestsTheCanonicalForm() throws {
    let record = try CaseRecord(
      json: #"{"offences":[{"part":2,"id":"1","classes":null}],"reference":"SYN-1","detained":null,"facts":{"b":1.0,"a":2}}"#)
    let canonical = JSONWriter.text { record.writeCanonical(&$0) }
    #expect(canonical == #"{"facts":{"a":2,"b":1},"offences":[{"id":"1","part":2}],"reference":"SYN-1"}"#)
    #expect(record.digest == CanonicalDigest.sha256 { $0.rawText(canonical) })
  }

  @Test func namesEveryFault() {
    let text = #"""
      {"reference":"no blanks","stage":"sentence","offences":[{"id":"","article":"0","part":0,"committedFrom":"2022-1-05",\#
      "territory":"kz","classes":["torture","x"],"sentence":{"term":"5Y"},"a/b":1},{}],"person":[],"colour":null,"facts":{"f":{}}}
      """#
    let status = #expect(throws: Status.self) { try CaseRecord(json: text) }
    #expect(status?.reason == "INVALID_FIELD")
    #expect(
      status?.badRequest?.fieldViolations.map(\.field) == [
        "/reference", "/stage", "/offences/0/id", "/offences/0/article", "/offences/0/part", "/offences/0/committedFrom",
        "/offences/0/territory", "/offences/0/classes/1", "/offences/0/sentence/term", "/offences/0/a~1b", "/offences/1/id", "/person",
        "/colour", "/facts/f",
      ])
  }

  @Test func countsFaultsBeyondTheListed() {
    let offences = Array(repeating: "{}", count: 40).joined(separator: ",")
    let status = #expect(throws: Status.self) { try CaseRecord(json: #"{"reference":"SYN-1","offences":[\#(offences)]}"#) }
    #expect(status?.badRequest?.fieldViolations.count == 32)
    #expect(status?.badRequest?.violationsTotal == 40)
  }

  @Test func malformedWinsOverFaults() {
    let status = #expect(throws: Status.self) { try CaseRecord(json: #"{"reference":7,"offences":[}"#) }
    #expect(status?.reason == "MALFORMED_JSON")
    #expect(status?.errorInfo?.metadata["offset"] == "27")
  }
}
