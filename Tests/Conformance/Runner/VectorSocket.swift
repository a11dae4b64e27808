// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// A plain blocking Unix socket: nothing of the server or client under test.
final class VectorSocket {
  private let descriptor: CInt
  private var isClosed = false

  /// Guards against a peer that never answers; no test waits for it to pass.
  static let patienceMilliseconds: CInt = 10_000

  init(descriptor: CInt) {
    self.descriptor = descriptor
  }

  convenience init(connectingTo path: String) throws {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw VectorError("socket: errno \(errno)") }
    self.init(descriptor: descriptor)
    let result = try Self.withAddress(path) { connect(descriptor, $0, $1) }
    guard result == 0 else { throw VectorError("connect to \(path): errno \(errno)") }
  }

  deinit {
    self.close()
  }

  static func withAddress<Result>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result) throws -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw VectorError("the path is too long: \(path)") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { try body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }

  /// Writes all of it. A peer that has closed is no error here: what it said before is judged by what is expected next.
  func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      try self.wait(for: CShort(POLLOUT), "the peer takes nothing")
      let count = bytes.withUnsafeBytes { buffer in
        send(self.descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, CInt(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      if count >= 0 {
        sent += count
      } else if errno == EPIPE || errno == ECONNRESET {
        return
      } else if errno != EAGAIN && errno != EINTR {
        throw VectorError("write: errno \(errno)")
      }
    }
  }

  /// What has arrived; nil at the end of input.
  func read() throws -> [UInt8]? {
    try self.wait(for: CShort(POLLIN), "nothing came")
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(self.descriptor, &buffer, buffer.count, 0)
      if count > 0 { return Array(buffer[..<count]) }
      // A peer that closes with bytes of ours unread resets; what it wrote before was read.
      if count == 0 || errno == ECONNRESET { return nil }
      guard errno == EINTR else { throw VectorError("read: errno \(errno)") }
    }
  }

  func shutdownWriting() {
    _ = shutdown(self.descriptor, CInt(SHUT_WR))
  }

  func close() {
    if !self.isClosed { _ = Glibc.close(self.descriptor) }
    self.isClosed = true
  }

  private func wait(for events: CShort, _ otherwise: String) throws {
    var entry = pollfd(fd: self.descriptor, events: events, revents: 0)
    while true {
      let ready = poll(&entry, 1, Self.patienceMilliseconds)
      if ready > 0 { return }
      if ready == 0 { throw VectorError("\(otherwise) within \(Self.patienceMilliseconds) ms") }
      guard errno == EINTR else { throw VectorError("poll: errno \(errno)") }
    }
  }
}
