// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRegister
package import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import Glibc
internal import Logging
internal import NIOCore
internal import RPCServer

/// A server under test: services of the daemon and the control service, on two sockets.
package struct ConformanceServer: Sendable {
  /// Where it listens, and keeps its register.
  package struct Places: Sendable {
    /// Where the caller holds every role.
    package var socket: String
    /// Where the caller holds none.
    package var restrictedSocket: String
    package var register: String

    package init(socket: String, restrictedSocket: String, register: String) {
      self.socket = socket
      self.restrictedSocket = restrictedSocket
      self.register = register
    }
  }

  package var places: Places
  /// Tells it to stop, as SIGTERM would.
  package var drain: @Sendable () -> Void

  /// Reads act files as the daemon does.
  package static func acts(in folder: String) throws -> ActsInForce {
    let result = ActFolder.load(folder)
    guard let library = result.library else { throw UnusableActs(description: "\(folder): \(result.problems)") }
    return ActsInForce(ActSnapshot(library))
  }

  private struct UnusableActs: Error, CustomStringConvertible {
    var description: String
  }

  /// Serves while `body` runs, and returns when the last call has ended.
  package static func run(
    at places: Places, acts: ActsInForce, _ body: @Sendable (ConformanceServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(listeners: [
      ListenerConfiguration(.path(places.socket)), ListenerConfiguration(.path(places.restrictedSocket), roles: []),
    ])
    configuration.limits.ofServices = ["idempotencyKeyMs": RegisterPolicy.keysKeptMilliseconds]
    let health = HealthBoard(services: ContractDescription.services.map(\.name))
    let register = SQLiteRegister(path: places.register, policy: RegisterPolicy(), clock: Self.clock)
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
      // After a drain that has begun already it does nothing.
      defer { server.beginDrain(grace: .zero) }
      try await body(
        ConformanceServer(places: places) {
          health.drain { server.beginDrain(grace: .seconds(10)) }
        })
    }
    await register.maintenance.close()
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
