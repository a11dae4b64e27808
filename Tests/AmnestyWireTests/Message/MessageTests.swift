// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Testing

@Suite struct MessageTests {
  static let text = #"{"en":"words","ru":"слова","kk":"сөздер"}"#
  static let act = """
    {"id":"kz-2022-152-vii","version":"1.0.0","digest":"sha256:00","title":\(text),"standing":"final","note":null,\
    "inForceFrom":"2022-11-03","excerpt":false,"default":true,"provisions":40}
    """
  static let assessment = """
    {"act":{"id":"kz-2022-152-vii","version":"1.0.0","digest":"sha256:00"},"recordDigest":"sha256:01","asOf":"2022-11-03",\
    "standing":"final","outcome":"eligible","basis":"reported",\
    "offences":[{"id":"1","outcome":"eligible","measure":"reduce_term","basis":"reported",\
    "grounds":[{"provision":"relief.grave","truth":"true","basis":"reported","facts":["/offences/0/gravity"]},\
    {"provision":"scope.list","truth":"unknown","basis":"open","facts":[],"open":true}]},\
    {"id":"2","outcome":"ineligible","measure":null,"basis":null}],\
    "sentence":{"imposed":"P5Y","reduced":"P1Y3M","originalEnd":"2027-01-10","newEnd":"2023-04-10","releaseOn":null,\
    "amount":{"imposed":100,"reduced":null}},\
    "readings":[{"question":"one_year_test","answer":"after_reduction","outcome":"eligible","releaseOn":"2022-11-03"}],\
    "missing":[{"fact":"/recidivism","question":\(text),"decides":true}],\
    "referrals":[{"code":"readings_conflict","provision":null,"note":\(text)}],"notes":[{"code":"excerpt","note":\(text)}]}
    """

  /// Read and written, a message is the same bytes: members in the order of the schema, nulls where the contract shows them.
  private func roundTrips<Message: WireMessage & Equatable>(_ type: Message.Type, _ json: String) throws {
    let message = try Message(json: json)
    #expect(message.json == json)
    #expect(try Message(json: message.json) == message)
  }

  @Test func requestsRoundTrip() throws {
    try self.roundTrips(CaseRecord.self, #"{"reference":"SYN-1","offences":[]}"#)
    try self.roundTrips(
      AssessRequest.self, #"{"record":{"reference":"SYN-1","offences":[]},"actId":"kz","asOf":"2022-11-03","explain":false}"#)
    try self.roundTrips(ListActsRequest.self, #"{"pageSize":10,"pageToken":"t"}"#)
    try self.roundTrips(GetActRequest.self, #"{"actId":"kz","version":"1.0.0"}"#)
    try self.roundTrips(CheckActRequest.self, ##"{"source":"# act\n","examples":"","fileName":"a.yaml"}"##)
    try self.roundTrips(HealthCheckRequest.self, #"{"service":""}"#)
    try self.roundTrips(ListServicesRequest.self, "{}")
    try self.roundTrips(DescribeRequest.self, #"{"method":"grpc.health.v1.Health/Check"}"#)
  }

  @Test func responsesRoundTrip() throws {
    try self.roundTrips(AssessResponse.self, #"{"assessment":\#(Self.assessment)}"#)
    try self.roundTrips(AssessStreamResponse.self, #"{"assessment":\#(Self.assessment)}"#)
    try self.roundTrips(ListActsResponse.self, #"{"acts":[\#(Self.act)],"nextPageToken":null}"#)
    try self.roundTrips(
      GetActResponse.self,
      #"{"act":\#(Self.act),"provisions":[{"id":"scope","kind":"scope","basis":"text","citation":"art. 1","text":\#(Self.text),"measure":null}],"#
        + #""facts":[{"name":"days","kind":"integer","words":[],"question":\#(Self.text)}],"source":"id: kz\n"}"#)
    try self.roundTrips(
      CheckActResponse.self,
      #"{"ok":false,"act":null,"problems":[{"severity":"error","file":"a.yaml","line":3,"column":1,"provision":null,"message":"m","hint":null}]}"#
    )
    try self.roundTrips(HealthCheckResponse.self, #"{"status":"SERVICE_UNKNOWN"}"#)
    try self.roundTrips(ListServicesResponse.self, #"{"services":[{"name":"s","doc":"d","methods":["s/M"]}]}"#)
    try self.roundTrips(
      DescribeResponse.self,
      #"{"method":{"name":"s/M","doc":"d","kind":"unary","idempotency":"none","role":null,"errorReasons":[],"#
        + #""requestSchema":{"type":"object"},"responseSchema":{}}}"#)
  }

  @Test func itemErrorsRoundTrip() throws {
    let status = Status.invalidField([FieldViolation(field: "/record/offences/0/part", description: "must be an integer")], total: 40)
    let item = try AssessStreamResponse(json: AssessStreamResponse(error: status).json)
    #expect(item.error?.code == status.code)
    #expect(item.error?.reason == "INVALID_FIELD")
    #expect(item.error?.badRequest?.violationsTotal == 40)
    #expect(item.error?.badRequest?.fieldViolations == status.badRequest?.fieldViolations)
  }

  @Test func responsesMayHaveMoreThanIsKnown() throws {
    let response = try HealthCheckResponse(json: #"{"later":{"a":[1]},"status":"DEGRADED"}"#)
    #expect(response.status == .unrecognized("DEGRADED"))
    #expect(response.json == #"{"status":"DEGRADED"}"#)
  }

  @Test func responsesMustBeWellFormed() {
    let duplicate = #expect(throws: Status.self) { try HealthCheckResponse(json: #"{"later":1,"status":"SERVING","later":2}"#) }
    #expect(duplicate?.reason == "UNREADABLE_RESPONSE")
    let missing = #expect(throws: Status.self) { try HealthCheckResponse(json: "{}") }
    #expect(missing?.reason == "UNREADABLE_RESPONSE")
  }

  @Test(arguments: [
    (#"{"actId":"a","later":1}"#, "/later"), (#"{"actId":null}"#, "/actId"), ("{}", "/actId"), ("[]", ""), (#"{"actId":1}"#, "/actId"),
    (#"{"actId":"a","version":false}"#, "/version"),
  ])
  func requestsAreReadStrictly(_ json: String, _ field: String) {
    let status = #expect(throws: Status.self) { try GetActRequest(json: json) }
    #expect(status?.reason == "INVALID_FIELD")
    #expect(status?.badRequest?.fieldViolations.map(\.field) == [field])
  }

  @Test func refusesMembersGivenTwiceInAnyOrder() {
    for json in [
      #"{"reference":"SYN-1","reference":"SYN-1","offences":[]}"#, #"{"offences":[],"reference":"SYN-1","offences":[]}"#,
      #"{"offences":[],"r\u0065ference":"SYN-1","reference":"SYN-1"}"#,
    ] {
      let status = #expect(throws: Status.self) { try CaseRecord(json: json) }
      #expect(status?.reason == "MALFORMED_JSON")
    }
  }

  @Test func anEmptyBodyIsAnEmptyObject() throws {
    #expect(try HealthCheckRequest.decode(ByteBuffer()) == HealthCheckRequest())
    #expect(throws: Status.self) { try GetActRequest.decode(ByteBuffer()) }
  }

  /// Members in an order that nobody expects, with blanks: the same message.
  @Test func orderOfMembersIsFree() throws {
    let shuffled = try CaseRecord(
      json: """
        { "detained" : true, "offences" : [ { "dropped": null, "part" : 2 , "id" : "1" } ] ,
          "stage":"trial", "reference" : "SYN-1", "person":null }
        """)
    #expect(
      shuffled == CaseRecord(reference: "SYN-1", stage: .trial, offences: [Offence(id: "1", part: 2)], detained: true))
  }

  @Test func everyQuestionHasThreeLanguages() {
    #expect(FactQuestions.byTemplate.count == 28)
    for (template, question) in FactQuestions.byTemplate {
      #expect(![question.en, question.ru, question.kk].contains(""), "\(template)")
    }
  }

  @Test func everyMethodIsDescribed() throws {
    let methods = ContractDescription.services.flatMap(\.methods)
    #expect(methods.count >= 10)
    for name in methods {
      let description = try #require(ContractDescription.method(name))
      #expect(description.name == name)
      for schema in [description.requestSchema, description.responseSchema] {
        let value = try AnyJSON.read(Array(schema.text.utf8))
        guard case .object(let members) = value, members["$schema"] != nil else {
          Issue.record("\(name) has no schema")
          continue
        }
      }
    }
    #expect(ContractDescription.method("amnesty.v1.EligibilityService/Nothing") == nil)
  }
}
