// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import Synchronization

/// The folder that one daemon, and no second one, keeps its state in. Held until the value goes away.
package struct StateDirectory: ~Copyable {
  package let path: String
  package let lock: StateLock

  /// Makes the folder where it is missing (mode 0700) and takes its lock. Where nothing can be written the lock is left for later.
  package init(_ path: String) throws(DaemonError) {
    self.path = path
    lock = StateLock(path)
    do throws(DaemonError) {
      try lock.take()
    } catch  where error.kind == .readOnlyFileSystem {}
  }

  deinit { lock.giveBack() }
}

/// The lock of a state directory. One whose file system is read-only has none until it can be written again: meanwhile nobody may write there.
package final class StateLock: Sendable {
  private let path: String
  private let file = Mutex<Int32?>(nil)

  init(_ path: String) { self.path = path }

  package var isHeld: Bool { file.withLock { $0 != nil } }

  /// Takes it where it is not held yet.
  package func take() throws(DaemonError) {
    try file.withLock { (file) throws(DaemonError) in
      if file == nil { file = try Self.takeLock(in: path) }
    }
  }

  fileprivate func giveBack() {
    file.withLock { file in
      if let descriptor = file { close(descriptor) }
      file = nil
    }
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
