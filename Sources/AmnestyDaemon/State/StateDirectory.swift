// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// The folder that one daemon, and no second one, keeps its state in. Held until the value goes away.
package struct StateDirectory: ~Copyable {
  package let path: String
  private let lock: Int32

  /// Makes the folder where it is missing (mode 0700) and takes its lock.
  package init(_ path: String) throws(DaemonError) {
    let lock = try Self.takeLock(in: path)
    self.path = path
    self.lock = lock
  }

  private static func takeLock(in path: String) throws(DaemonError) -> Int32 {
    try Folder.make(path)
    let file = path + "/lock"
    let lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw .cannot("open", file, errno: errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = holder(lock)
      close(lock)
      guard code == EWOULDBLOCK else { throw .cannot("lock", file, errno: code, else: .system) }
      throw DaemonError(
        .temporary, "another amnestyd\(holder) uses the state directory \(path); stop it first, or give this one another --state-directory")
    }
    write(lock)
    return lock
  }

  deinit { close(lock) }

  private static func holder(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count > 0, let pid = Int32(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber }) else { return "" }
    return " (process \(pid))"
  }

  /// The number of this process, for the message that a second daemon prints; the lock itself is the kernel's.
  private static func write(_ file: Int32) {
    var text = Array("\(getpid())\n".utf8)
    guard ftruncate(file, 0) == 0 else { return }
    _ = pwrite(file, &text, text.count, 0)
  }
}

enum Folder {
  /// Makes a folder and those above it that are missing, for its owner only.
  static func make(_ path: String) throws(DaemonError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw DaemonError(.cannotCreate, "\(path) is no folder; name another one, or move it away")
      }
      return
    }
    let parent = Self.parent(of: path)
    if parent != path, !parent.isEmpty { try make(parent) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .cannot("make the folder", path, errno: errno) }
  }

  /// The folder that a path lies in; empty for the working directory.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
