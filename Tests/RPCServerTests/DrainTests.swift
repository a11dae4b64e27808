// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Glibc
internal import Logging
internal import NIOCore
internal import RPCServer
internal import Testing

@Suite("Draining") struct DrainTests {
  /// Connects to the socket or accepts; the path is in a folder of its own.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/amnesty-drain.XXXXXX".utf8CString)
      try #require(mkdtemp(&template) != nil)
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
      unlink(path + "/s")
      rmdir(path)
    }

    func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: (path + "/s").utf8) }
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
      }
    }
  }

  /// What a client finds when the server has gone.
  private enum Found: Hashable {
    case words, nothingYet, droppedWithoutAWord
  }

  @Test("Who is accepted while the draining begins hears of it; who is not waits in the socket, which somebody else holds")
  func everyConnectionIsTold() async throws {
    for _ in 0..<20 {
      let folder = try Folder()
      // As the service manager does: the socket is bound here, and the server gets it with a crowd waiting in it.
      let kept = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
      defer { close(kept) }
      try #require(folder.withAddress { bind(kept, $0, $1) } == 0 && listen(kept, 1024) == 0)
      let question = Array("{\"call\":1,\"method\":\"a.B/C\"}\n".utf8)
      let clients = try (0..<100).map { _ in
        let client = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        try #require(folder.withAddress { connect(client, $0, $1) } == 0)
        try #require(write(client, question, question.count) == question.count)
        return client
      }
      defer { for client in clients { close(client) } }

      let server = try RPCServer(
        ServerConfiguration(listeners: [ListenerConfiguration(.descriptor(dup(kept)))]), services: [],
        authorizer: OwnerAuthorizer(owner: geteuid(), roles: []), logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
      try await server.run { server.beginDrain(grace: .zero) }

      let found = clients.map { client -> Found in
        var byte: UInt8 = 0
        let count = recv(client, &byte, 1, CInt(MSG_DONTWAIT))
        return count > 0 ? .words : count == 0 ? .droppedWithoutAWord : errno == EAGAIN ? .nothingYet : .droppedWithoutAWord
      }
      #expect(!found.contains(.droppedWithoutAWord))
      // Those who found nothing are still in the queue.
      let waiting = found.count { $0 == .nothingYet }
      var left = 0
      _ = fcntl(kept, F_SETFL, O_NONBLOCK)
      while case let next = accept(kept, nil, nil), next >= 0 {
        left += 1
        close(next)
      }
      #expect(left == waiting)
    }
  }
}
