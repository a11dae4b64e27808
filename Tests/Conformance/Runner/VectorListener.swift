// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// A listening Unix socket that the client under test connects to.
final class VectorListener {
  private let descriptor: CInt

  init(path: String) throws {
    self.descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    guard self.descriptor >= 0 else { throw VectorError("socket: errno \(errno)") }
    let bound = try VectorSocket.withAddress(path) { bind(self.descriptor, $0, $1) }
    guard bound == 0, listen(self.descriptor, 8) == 0 else { throw VectorError("listen at \(path): errno \(errno)") }
  }

  deinit {
    close(self.descriptor)
  }

  func accept() throws -> VectorSocket {
    var entry = pollfd(fd: self.descriptor, events: CShort(POLLIN), revents: 0)
    guard poll(&entry, 1, VectorSocket.patienceMilliseconds) > 0 else { throw VectorError("the client did not connect") }
    let accepted = Glibc.accept(self.descriptor, nil, nil)
    guard accepted >= 0 else { throw VectorError("accept: errno \(errno)") }
    return VectorSocket(descriptor: accepted)
  }
}
