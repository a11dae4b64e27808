// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import NIOCore
internal import Testing

/// The services of the register over a database of their own, two offices and some made-up clerks.
final class RegisterFixture: Sendable {
  let access: RegisterAccess
  let register: SQLiteRegister
  let acts: ActsInForce
  private let folder: URL

  /// 2022-11-10, noon in Almaty: the act is in force.
  private static let now: Int64 = 1_668_060_000

  /// - Parameter served: who decides of served sentences, which the act leaves open.
  init(served: String? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "register-services-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    register = SQLiteRegister(
      path: folder.appending(path: "register.sqlite").path, policy: RegisterPolicy(),
      clock: RegisterClock { Instant(milliseconds: Self.now * 1000) })
    acts = ActsInForce(try ServiceFixture.snapshot(now: Self.now))
    access = RegisterAccess(register: register, acts: acts, directory: Clerks(served: served), clock: WallClock { Self.now })
  }

  /// Has only these act files in force, after what `change` makes of them.
  func load(_ names: [String], earlier: [String] = [], change: (String) -> String = { $0 }) throws {
    let files = folder.appending(path: "acts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    for name in names {
      let source = URL(filePath: ServiceFixture.folder)
      try FileManager.default.copyItem(
        at: source.appending(path: name + ".examples.csv"), to: files.appending(path: name + ".examples.csv"))
      let text = try String(contentsOf: source.appending(path: name + ".yaml"), encoding: .utf8)
      try Data(change(text).utf8).write(to: files.appending(path: name + ".yaml"))
    }
    for name in earlier {
      try FileManager.default.createDirectory(at: files.appending(path: "earlier"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: URL(filePath: ServiceFixture.folder).appending(path: name + ".yaml"), to: files.appending(path: "earlier/\(name)-1.yaml"))
    }
    let result = ActFolder.load(files.path)
    acts.replace(with: ActSnapshot(try #require(result.library, "\(result.problems)"), clock: WallClock { Self.now }))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var cases: Cases { Cases(access) }

  /// The service over another store, with the same acts and clerks.
  func cases(over other: any CaseRegister) -> Cases {
    Cases(RegisterAccess(register: other, acts: acts, directory: Clerks(), clock: WallClock { Self.now }))
  }

  var decisions: Decisions { Decisions(access) }

  /// A call on behalf of a clerk; the listener lets every role through.
  func by(_ clerk: String, _ method: MethodDescriptor = CaseService.get.descriptor) -> CallContext {
    CallContext(
      method: method, peer: PeerIdentity(uid: 1000, gid: 1000, pid: 1), roles: Set(ContractDescription.roles.keys), actor: clerk)
  }

  func get(_ reference: String, _ clerk: String) async throws(Status) -> Case {
    try await cases.get(request(#"{"reference":"\#(reference)"}"#), context: by(clerk)).case
  }

  @discardableResult
  func register(
    _ reference: String, by clerk: String = "rita", in office: String = "north", _ record: SampleRecord = SampleRecord()
  ) async throws -> Case {
    let record = record.with("reference", #""\#(reference)""#).json
    return try await cases.register(
      request(#"{"record":\#(record),"office":"\#(office)"}"#), context: by(clerk, CaseService.register.descriptor)
    ).case
  }

  @discardableResult
  func assess(_ reference: String, by clerk: String = "pavel") async throws -> Case {
    try await cases.assess(request(#"{"reference":"\#(reference)"}"#), context: by(clerk, CaseService.assess.descriptor)).case
  }

  @discardableResult
  func propose(_ reference: String, by clerk: String = "pavel") async throws -> Case {
    try await decisions.propose(
      request(#"{"reference":"\#(reference)","verdict":"grant"}"#), context: by(clerk, DecisionService.propose.descriptor)
    ).case
  }

  @discardableResult
  func decide(_ reference: String, by clerk: String = "askar") async throws(Status) -> Case {
    try await decisions.decide(
      request(#"{"reference":"\#(reference)","verdict":"grant"}"#), context: by(clerk, DecisionService.decide.descriptor)
    ).case
  }

  @discardableResult
  func execute(_ reference: String, by clerk: String = "erlan") async throws(Status) -> Case {
    try await decisions.execute(
      request(#"{"reference":"\#(reference)"}"#), context: by(clerk, DecisionService.execute.descriptor)
    ).case
  }

  func request<Message: WireMessage>(_ json: String) throws(Status) -> Message { try Message.decode(ByteBuffer(string: json)) }
}

/// Who holds what. `aizhan` works under two identities.
private struct Clerks: Directory {
  var served: String?
  let offices = ["north": Office(body: "court"), "south": Office(body: "court")]

  private static let roles: [String: (person: String, office: String, roles: Set<String>)] = [
    "vera": ("vera", "north", ["viewer"]), "rita": ("rita", "north", ["registrar", "viewer"]),
    "pavel": ("pavel", "north", ["preparer", "viewer"]), "askar": ("askar", "north", ["authority", "viewer"]),
    "erlan": ("erlan", "north", ["executor", "viewer"]), "inspector": ("inspector", "north", ["auditor", "viewer"]),
    "fatima": ("fatima", "north", ["aftercare"]), "strange": ("strange", "south", ["authority", "preparer", "registrar", "viewer"]),
    "aizhan-prep": ("aizhan", "north", ["preparer", "viewer"]), "aizhan-judge": ("aizhan", "north", ["authority", "viewer"]),
  ]

  func grants(of peer: PeerIdentity, actor: String?) -> Grants {
    if actor == "general" { return Grants(person: "general", principal: "user:\(peer.uid)", everywhere: ["auditor"]) }
    if actor == "both" { return Grants(person: "both", principal: "user:\(peer.uid)", everywhere: ["registrar", "viewer"]) }
    let clerk = actor.flatMap { Clerks.roles[$0] }
    return Grants(
      person: clerk?.person ?? "nobody", principal: "user:\(peer.uid)", everywhere: [],
      byOffice: clerk.map { [$0.office: $0.roles] } ?? [:])
  }

  func body(decidingAt stage: String) -> String? { stage == "served" ? served : nil }
}
