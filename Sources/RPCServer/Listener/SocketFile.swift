// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// A Unix socket bound to a path of its own.
struct SocketFile: Sendable {
  /// How many may wait to be accepted; the kernel bounds it by net.core.somaxconn.
  static let backlog: CInt = 4096

  let path: String
  /// A listening socket.
  let descriptor: CInt
  private let device: dev_t
  private let inode: ino_t

  /// Binds and listens. A socket file that nobody listens on is replaced; nobody can connect before `mode` is set.
  init(path: String, mode: UInt32) throws(ServerError) {
    let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
    guard !path.isEmpty, path.utf8.count <= longest, !path.utf8.contains(0) else {
      throw ServerError(.pathTooLong, "A socket's path has 1 to \(longest) bytes, and \(path) does not. Choose a shorter one.")
    }
    try Self.makeFolders(above: path)
    try Self.removeStale(path)
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure("make a socket for", path) }
    do throws(ServerError) {
      guard Self.withAddress(path, { bind(descriptor, $0, $1) }) == 0 else { throw Self.failure("bind", path) }
      // Between bind and listen a connect is refused, so the mode is in force before the first peer.
      guard chmod(path, mode) == 0 else { throw Self.failure("set the mode of", path) }
      var status = stat()
      guard lstat(path, &status) == 0, listen(descriptor, Self.backlog) == 0 else { throw Self.failure("listen on", path) }
      self.path = path
      self.descriptor = descriptor
      self.device = status.st_dev
      self.inode = status.st_ino
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Removes the file, if it is still the one that was made here.
  func remove() {
    var status = stat()
    guard lstat(self.path, &status) == 0, status.st_dev == self.device, status.st_ino == self.inode else { return }
    unlink(self.path)
  }

  private static func makeFolders(above path: String) throws(ServerError) {
    var end = path.utf8.startIndex
    while let slash = path.utf8[path.utf8.index(after: end)...].firstIndex(of: UInt8(ascii: "/")) {
      let folder = String(path[..<slash])
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.failure("make the folder \(folder) for", path) }
      end = slash
    }
  }

  private static func removeStale(_ path: String) throws(ServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ServerError(.addressInUse, "\(path) exists and is not a socket. Move it away, or choose another path.")
    }
    let probe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    guard probe >= 0 else { throw Self.failure("make a socket for", path) }
    defer { close(probe) }
    let isRefused = Self.withAddress(path, { connect(probe, $0, $1) }) != 0 && errno == ECONNREFUSED
    guard isRefused else {
      throw ServerError(.addressInUse, "Another server listens on \(path). Stop it, or choose another path.")
    }
    unlink(path)
  }

  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }

  private static func failure(_ what: String, _ path: String) -> ServerError {
    let reason = String(cString: strerror(errno))
    return ServerError(.cannotBind, "Cannot \(what) \(path): \(reason). Check the folder's owner and mode, or choose another path.")
  }
}
