// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Testing

/// The real daemon without a file descriptor left: it says so, serves on, and takes who waited once there is room.
@Suite(.serialized) struct DescriptorTests {
  @Test func whoWaitsIsServedOnceThereIsRoom() throws {
    let daemon = try RunningDaemon()
    let first = try Client(daemon.socket)
    #expect(try first.ping() == "{\"pong\":1}\n")
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.identifier)/fd").count
    let limited = try run("/usr/bin/prlimit", ["--pid", "\(daemon.identifier)", "--nofile=\(open + 4):8192"])
    #expect(limited.status == 0, "\(limited.errors)")
    var others = try (0..<10).map { _ in try Client(daemon.socket) }
    try daemon.waitFor("cannot accept a connection")
    #expect(try first.ping() == "{\"pong\":1}\n")
    let last = others.removeLast()
    others = []
    #expect(try last.ping() == "{\"pong\":1}\n")
  }

  private final class Client {
    private let descriptor: CInt

    init(_ path: String) throws {
      descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
      try #require(descriptor >= 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(connected == 0)
    }

    deinit { close(descriptor) }

    /// Waits for the answer for half a minute.
    func ping() throws -> String {
      let question = Array("{\"ping\":1}\n".utf8)
      try #require(write(descriptor, question, question.count) == question.count)
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      try #require(Glibc.poll(&poll, 1, 30_000) == 1)
      var answer = [UInt8](repeating: 0, count: 100)
      let count = read(descriptor, &answer, answer.count)
      return String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
    }
  }
}
