// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import Glibc
internal import Logging
internal import NIOCore
internal import RPCServer

/// The server under test: the services of the daemon and the control service, on two sockets.
struct ConformanceServer: Sendable {
  /// Where the caller holds every role.
  var path: String
  /// Where the caller holds none.
  var restrictedPath: String
  /// Tells it to stop, as SIGTERM would.
  var drain: @Sendable () -> Void

  /// The acts of the repository; read once, for reading runs their examples.
  private static let acts: Result<ActsInForce, VectorError> = {
    let folder = ProtocolFolder.url.deletingLastPathComponent().appending(path: "acts").path
    let result = ActFolder.load(folder)
    guard let library = result.library else { return .failure(VectorError("\(result.problems)")) }
    return .success(ActsInForce(ActSnapshot(library)))
  }()

  static func run(_ body: @Sendable (ConformanceServer) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/a.sock"
      let restricted = folder + "/b.sock"
      var configuration = ServerConfiguration(listeners: [
        ListenerConfiguration(.path(path)), ListenerConfiguration(.path(restricted), roles: []),
      ])
      configuration.limits.ofServices = ["idempotencyKeyMs": RegisterPolicy.keysKeptMilliseconds]
      let acts = try Self.acts.get()
      let health = HealthBoard(services: ContractDescription.services.map(\.name))
      let register = SQLiteRegister(path: folder + "/register.sqlite", policy: RegisterPolicy(), clock: Self.clock)
      let access = RegisterAccess(register: register, acts: acts, directory: OneOffice())
      let server = try RPCServer(
        configuration,
        services: [
          Eligibility(acts).registration, ActCatalogue(acts).registration, health.registration, Reflection().registration,
          ControlService.registration, Cases(access).registration, Decisions(access).registration,
          AuditTrail(access, signer: nil).registration,
        ],
        authorizer: OwnerAuthorizer(owner: geteuid(), roles: Set(ContractDescription.roles.keys)),
        logger: Logger(label: "conformance") { _ in SwiftLogNoOpLogHandler() })
      let (listening, continuation) = AsyncStream<Void>.makeStream()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          defer { continuation.finish() }
          try await server.run { continuation.yield() }
        }
        for await _ in listening { break }
        health.set(.serving)
        defer { server.beginDrain(grace: .zero) }
        try await body(
          ConformanceServer(path: path, restrictedPath: restricted) {
            health.drain { server.beginDrain(grace: .seconds(10)) }
          })
      }
      await register.maintenance.close()
    }
  }

  private static let clock = RegisterClock { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}

/// A deployment that has configured nothing: whoever calls holds every role in the one office, and every actor is another person.
private struct OneOffice: Directory {
  let offices = [Office.standard: Office(body: nil)]

  func grants(of peer: PeerIdentity, actor: String?) -> Grants {
    let principal = "user:\(peer.uid)"
    return Grants(
      person: actor.map { "\(principal)/\($0)" } ?? principal, principal: principal, everywhere: Set(ContractDescription.roles.keys))
  }

  func body(decidingAt stage: String) -> String? { nil }
}
