// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import NIOCore
internal import Synchronization
internal import Testing

/// An import whose store fails while the next items are on their way.
@Suite struct ImportFailureTests {
  @Test(arguments: 0..<200) func aBatchThatCouldNotBeStoredEndsTheCall(_: Int) async throws {
    let fixture = try ImportFailureTests.fixture.get()
    let client = ImportingClient(items: ["SYN-1", "SYN-2"].map { #"{"record":\#(SampleRecord().with("reference", "\"\($0)\"").json)}"# })
    let register = UnwritableRegister(reading: fixture.register) { await client.allTaken() }
    let failure: Status?
    do throws(Status) {
      try await fixture.cases(over: register).import(
        RequestMessages(RequestStream(client)), context: fixture.by("rita", CaseService.import.descriptor),
        responses: ResponseSender(ResponseStream(client)))
      failure = nil
    } catch {
      failure = error
    }
    #expect(failure?.code == .unavailable && failure?.reason == "REGISTER_UNAVAILABLE")
    #expect(client.answers == 0)
  }

  /// It is one mistake of the call: no record is refused by itself.
  @Test(arguments: ["both", "nobody"]) func anImportThatNamesNoOfficeWhereItMustEndsBeforeItsFirstRecord(_ clerk: String) async throws {
    let fixture = try ImportFailureTests.fixture.get()
    let items = (1...3).map { #"{"record":\#(SampleRecord().with("reference", "\"SYN-\(clerk)-\($0)\"").json)}"# }
    let client = ImportingClient(items: items, ends: true)
    let failure = await #expect(throws: Status.self) {
      try await fixture.cases.import(
        RequestMessages(RequestStream(client)), context: fixture.by(clerk, CaseService.import.descriptor),
        responses: ResponseSender(ResponseStream(client)))
    }
    #expect(failure?.code == .permissionDenied && failure?.reason == "NO_OFFICE")
    #expect(failure?.errorInfo?.metadata["offices"] == (clerk == "both" ? "north, south" : ""))
    #expect(client.answers == 0)
  }

  private static let fixture = Result { try RegisterFixture() }
}

/// Sends its items one by one, then waits for the answers, or says that there are no more.
private final class ImportingClient: CallStreams {
  private struct State {
    var items: [String]
    var answers = 0
  }

  private let state: Mutex<State>
  private let taken = AsyncStream<Void>.makeStream()
  private let ends: Bool

  init(items: [String], ends: Bool = false) {
    state = Mutex(State(items: items))
    self.ends = ends
  }

  var answers: Int { state.withLock { $0.answers } }
  var isRequestWaiting: Bool { false }

  func nextRequest() async throws(Status) -> ByteBuffer? {
    if let item = state.withLock({ $0.items.isEmpty ? nil : $0.items.removeFirst() }) {
      if state.withLock({ $0.items.isEmpty }) { taken.continuation.finish() }
      return ByteBuffer(string: item)
    }
    if ends { return nil }
    // The client waits; the call is cancelled in the end.
    let (never, _) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    throw .cancelled("The call was cancelled")
  }

  func send(_ body: ByteBuffer) async throws(Status) { state.withLock { $0.answers += 1 } }

  /// Returns once the service has its last item.
  func allTaken() async { for await _ in taken.stream {} }
}

/// Reads as another does, and stores nothing.
private struct UnwritableRegister: CaseRegister {
  let reading: any CaseRegister
  /// What a batch waits for before it fails.
  let until: @Sendable () async -> Void

  private static let reason = RegisterError.unavailable(Unavailability(.inputOutput, message: "disk I/O error"))

  init(reading: any CaseRegister, until: @escaping @Sendable () async -> Void) {
    self.reading = reading
    self.until = until
  }

  func importBatch(_ cases: [NewCase], _ request: ImportRequest) async throws(RegisterError) -> [AmnestyRegister.ImportResult] {
    await until()
    throw Self.reason
  }

  func perform(_ command: RegisterCommand, _ request: CommandRequest) async throws(RegisterError) -> CommandAnswer { throw Self.reason }

  func submit(
    _ command: RegisterCommand, _ request: CommandRequest, completion: @escaping @Sendable (Result<CommandAnswer, RegisterError>) -> Void
  ) { completion(.failure(Self.reason)) }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any RegisterReading) throws(RegisterError) -> Value
  ) async throws(RegisterError) -> Value { try await reading.read(body) }

  func submitRead(_ body: @escaping @Sendable (Result<any RegisterReading, RegisterError>) -> Void) { reading.submitRead(body) }
  func note(_ note: AuditNote) throws(RegisterError) { throw Self.reason }
  func flushNotes() async throws(RegisterError) { throw Self.reason }
  func changes() -> AsyncStream<Int64> { reading.changes() }
  func changes(after position: Int64) -> Int { reading.changes(after: position) }
  func adopt(_ policy: RegisterPolicy) { reading.adopt(policy) }
  var unavailability: Unavailability? { Unavailability(.inputOutput, message: "disk I/O error") }
  var maintenance: any RegisterMaintenance { reading.maintenance }
}
