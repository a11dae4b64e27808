// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
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
      let configuration = ServerConfiguration(listeners: [
        ListenerConfiguration(.path(path)), ListenerConfiguration(.path(restricted), roles: []),
      ])
      let acts = try Self.acts.get()
      let health = HealthBoard(services: ContractDescription.services.map(\.name))
      let server = try RPCServer(
        configuration,
        services: [
          Eligibility(acts).registration, ActCatalogue(acts).registration, health.registration, Reflection().registration,
          ControlService.registration,
        ],
        authorizer: OwnerAuthorizer(owner: geteuid(), roles: ["viewer", "delegate"]),
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
    }
  }
}
