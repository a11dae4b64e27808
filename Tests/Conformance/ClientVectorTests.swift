// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import Testing

/// Each vector meets a client of its own, that connects to a socket which the runner serves.
@Suite("Client vectors", .serialized)
struct ClientVectorTests {
  static let vectors = ((try? ProtocolFolder.vectors()) ?? []).filter { $0.side == .client }

  @Test("The client passes", arguments: vectors)
  func client(vector: Vector) async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/a.sock"
      let listener = SendableListener(try VectorListener(path: path))
      var configuration = AmnestyClient.Configuration()
      configuration.pause = { _ in }
      try await AmnestyClient.withConnection(to: .unix(path: path), configuration: configuration) { client in
        let user = ClientUser(client: client)
        defer { user.cancelAll() }
        try await onThread { try ClientVectorRunner(listener: listener.value, user: user).run(vector) }
      }
    }
  }
}

/// A listener is used by the thread of its vector alone.
private struct SendableListener: @unchecked Sendable {
  let value: VectorListener

  init(_ value: VectorListener) {
    self.value = value
  }
}
