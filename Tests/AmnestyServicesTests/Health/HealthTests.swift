// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import NIOCore
internal import Testing

@Suite("Health, acts and reflection") struct HealthTests {
  private let board = HealthBoard(services: ["amnesty.v1.ActService"])

  private func check(_ service: String?) throws(Status) -> ServingStatus {
    try board.check(HealthCheckRequest(service: service), context: ServiceFixture.context(HealthService.check.descriptor)).status
  }

  @Test("Check tells the daemon's and each service's health; an unknown service is NOT_FOUND")
  func checks() throws {
    #expect(try check(nil) == .notServing)
    board.set(.serving)
    for known in [nil, "", "amnesty.v1.ActService"] { #expect(try check(known) == .serving) }
    let status = #expect(throws: Status.self) { try check("nobody") }
    #expect(status?.code == .notFound)
    #expect(status?.reason == "UNKNOWN_SERVICE")
    board.drain()
    #expect(try check("") == .notServing)
    board.set(.serving)
    #expect(try check("") == .notServing)
  }

  @Test("A service that fails by itself stays NOT_SERVING when the daemon begins to serve, for who watches too")
  func failing() async throws {
    let board = HealthBoard(services: ["amnesty.v1.CaseService", "amnesty.v1.ActService"])
    func check(_ service: String) throws(Status) -> ServingStatus {
      try board.check(HealthCheckRequest(service: service), context: ServiceFixture.context(HealthService.check.descriptor)).status
    }
    board.set(failing: true, of: ["amnesty.v1.CaseService"])
    let (messages, sent) = AsyncStream.makeStream(of: String.self)
    var received = messages.makeAsyncIterator()
    async let watch: Void? = try? board.watch(
      HealthCheckRequest(service: "amnesty.v1.CaseService"), context: ServiceFixture.context(HealthService.watch.descriptor),
      responses: ResponseSender(ResponseStream(Streams(sent: sent))))
    #expect(await received.next() == #"{"status":"NOT_SERVING"}"#)
    board.set(.serving)
    #expect(try check("amnesty.v1.CaseService") == .notServing)
    #expect(try check("amnesty.v1.ActService") == .serving && check("") == .serving)
    board.set(failing: false, of: ["amnesty.v1.CaseService"])
    #expect(await received.next() == #"{"status":"SERVING"}"#)
    #expect(try check("amnesty.v1.CaseService") == .serving)
    board.set(failing: true, of: ["amnesty.v1.CaseService"])
    #expect(try check("amnesty.v1.CaseService") == .notServing)
    board.drain()
    _ = await watch
  }

  /// What a watcher is sent, taken one by one.
  private struct Streams: CallStreams {
    var isRequestWaiting: Bool { false }

    let sent: AsyncStream<String>.Continuation
    func nextRequest() async throws(Status) -> ByteBuffer? { nil }
    func send(_ body: ByteBuffer) async throws(Status) { sent.yield(String(buffer: body)) }
  }

  @Test("Watch sends what is, then changes only, and ends UNAVAILABLE when the daemon drains", arguments: ["", "nobody"])
  func watches(service: String) async throws {
    let (messages, sent) = AsyncStream.makeStream(of: String.self)
    var received = messages.makeAsyncIterator()
    async let end: Status? = {
      do throws(Status) {
        try await board.watch(
          HealthCheckRequest(service: service), context: ServiceFixture.context(HealthService.watch.descriptor),
          responses: ResponseSender(ResponseStream(Streams(sent: sent))))
        return nil
      } catch {
        return error
      }
    }()
    if service == "nobody" {
      #expect(await received.next() == #"{"status":"SERVICE_UNKNOWN"}"#)
      board.set(.serving)
    } else {
      #expect(await received.next() == #"{"status":"NOT_SERVING"}"#)
      board.set(.serving)
      #expect(await received.next() == #"{"status":"SERVING"}"#)
      board.set(.serving)
    }
    board.drain()
    #expect(await end?.code == .unavailable)
    sent.finish()
    var rest: [String] = []
    while let message = await received.next() { rest.append(message) }
    #expect(rest == (service == "nobody" ? [] : [#"{"status":"NOT_SERVING"}"#]))
  }

  @Test("Acts are listed page by page, by id, with the default marked")
  func pages() throws {
    let catalogue = ActCatalogue(try ServiceFixture().acts)
    let context = ServiceFixture.context(ActService.list.descriptor)
    let all = try catalogue.list(ListActsRequest(), context: context)
    #expect(all.acts.map(\.id) == all.acts.map(\.id).sorted())
    #expect(all.acts.filter(\.default).map(\.id) == [ServiceFixture.amnesty2022])
    #expect(all.nextPageToken == nil)
    var listed: [String] = []
    var token: String?
    repeat {
      let page = try catalogue.list(ListActsRequest(pageSize: 1, pageToken: token), context: context)
      #expect(page.acts.count == 1)
      listed += page.acts.map(\.id)
      token = page.nextPageToken
    } while token != nil
    #expect(listed == all.acts.map(\.id))
    let status = #expect(throws: Status.self) { try catalogue.list(ListActsRequest(pageToken: "made up"), context: context) }
    #expect(status?.reason == "UNKNOWN_PAGE_TOKEN")
  }

  @Test("An act is given whole, and checks clean; a broken one is told with its place")
  func getAndCheck() async throws {
    let catalogue = ActCatalogue(try ServiceFixture().acts)
    let context = ServiceFixture.context(ActService.get.descriptor)
    let act = try await catalogue.get(GetActRequest(actId: ServiceFixture.amnesty2022), context: context)
    #expect(act.provisions.contains { $0.id == "relief.grave" })
    let good = try await catalogue.check(CheckActRequest(source: act.source), context: context)
    #expect(good.ok)
    #expect(good.act?.digest == act.act.digest)
    let bad = try await catalogue.check(CheckActRequest(source: "act: [", fileName: "x.yaml"), context: context)
    #expect(!bad.ok)
    #expect(bad.problems.first?.file == "x.yaml")
    #expect(bad.problems.first.map { $0.line > 0 } == true)
    let status = await #expect(throws: Status.self) {
      try await catalogue.get(GetActRequest(actId: ServiceFixture.amnesty2022, version: "0.0.1"), context: context)
    }
    #expect(status?.reason == "UNKNOWN_ACT")
  }

  @Test("Every method that is listed can be described")
  func reflection() throws {
    let context = ServiceFixture.context(ReflectionService.describe.descriptor)
    for service in try Reflection().listServices(ListServicesRequest(), context: context).services {
      for method in service.methods {
        #expect(try Reflection().describe(DescribeRequest(method: method), context: context).method.name == method)
      }
    }
    let status = #expect(throws: Status.self) { try Reflection().describe(DescribeRequest(method: "x/Y"), context: context) }
    #expect(status?.code == .unimplemented)
  }
}
