// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Testing

/// Each vector meets a server of its own, over a Unix socket; serialized, so that no two hold the cores at once.
@Suite("Server vectors", .serialized)
struct ServerVectorTests {
  // A file that cannot be read fails in SpecificationTests.
  static let vectors = ((try? ProtocolFolder.vectors()) ?? []).filter { $0.side == .server }
  static let foreignSocket = ProcessInfo.processInfo.environment["AMNESTY_CONFORMANCE_SOCKET"]

  @Test("The server passes", .enabled(if: foreignSocket == nil), arguments: vectors)
  func server(vector: Vector) async throws {
    try await ConformanceServer.run { server in
      let runner = ServerVectorRunner(path: vector.needs.contains("restricted") ? server.restrictedPath : server.path, drain: server.drain)
      try await onThread { try runner.run(vector) }
    }
  }

  /// What listens at `AMNESTY_CONFORMANCE_SOCKET` has the default limits, and no service for tests.
  @Test(
    "Whatever listens there passes", .enabled(if: foreignSocket != nil), arguments: vectors.filter { $0.needs.isSubset(of: ["defaults"]) })
  func foreignServer(vector: Vector) async throws {
    let runner = ServerVectorRunner(path: Self.foreignSocket ?? "")
    try await onThread { try runner.run(vector) }
  }
}
