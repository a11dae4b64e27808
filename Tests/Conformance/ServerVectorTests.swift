// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import ConformanceSupport
internal import Foundation
internal import Testing

/// Each vector meets a server of its own, over a Unix socket; serialized, so that no two hold the cores at once.
@Suite("Server vectors", .serialized)
struct ServerVectorTests {
  // A file that cannot be read fails in SpecificationTests.
  static let vectors = ((try? ProtocolFolder.vectors()) ?? []).filter { $0.side == .server }
  /// The acts of the repository; read once, for reading runs their examples.
  static let acts = Result { try ConformanceServer.acts(in: ProtocolFolder.url.deletingLastPathComponent().appending(path: "acts").path) }

  @Test("The server passes", arguments: vectors)
  func server(vector: Vector) async throws {
    let acts = try Self.acts.get()
    try await withTemporaryFolder { folder in
      let places = ConformanceServer.Places(
        socket: folder + "/a.sock", restrictedSocket: folder + "/b.sock", register: folder + "/register.sqlite")
      try await ConformanceServer.run(at: places, acts: acts) { server in
        let socket = vector.needs.contains("restricted") ? places.restrictedSocket : places.socket
        let runner = ServerVectorRunner(path: socket, drain: server.drain)
        try await onThread { try runner.run(vector) }
      }
    }
  }
}
