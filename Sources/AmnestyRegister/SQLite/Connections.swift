// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Dispatch
internal import GRDB
internal import Glibc

/// Opens connections, each kind with its own settings, and reads back those that a promise rests on.
enum Connections {
  /// The only connection that writes. GRDB's own way into WAL sets `synchronous = NORMAL`, under which an acknowledged commit may be lost with the
  /// machine; here it is FULL, set after WAL and read back.
  static func writer(_ path: String) throws -> DatabaseQueue {
    createPrivately(path)
    var configuration = base(label: "register.writer")
    configuration.prepareDatabase { db in
      let mode = try db.first("PRAGMA journal_mode = WAL") { $0.text(0) }
      try db.run("PRAGMA synchronous = FULL")
      // A longer log costs a checkpoint, which syncs the database itself, less often.
      try db.run("PRAGMA wal_autocheckpoint = 4000")
      try db.run("PRAGMA journal_size_limit = 67108864")
      let synchronous = try db.first("PRAGMA synchronous") { $0.int(0) }
      guard mode == "wal", synchronous == 2 else {
        throw RegisterError.unavailable(Unavailability(.other, message: "the database does not take WAL with synchronous = FULL"))
      }
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    syncDirectory(of: path)
    return queue
  }

  static func reader(_ path: String, _ number: Int) throws -> DatabaseQueue {
    var configuration = base(label: "register.reader.\(number)")
    configuration.readonly = true
    configuration.prepareDatabase { try $0.run("PRAGMA query_only = 1") }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Why the database cannot be read now: seen through a connection of its own, which remembers no page.
  static func faultOfReading(_ path: String) -> Unavailability? {
    do {
      try reader(path, 0).unsafeRead { db in
        _ = try db.first("SELECT uuid FROM register") { $0.text(0) }
        _ = try db.first("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1") { $0.bytes(0) }
        _ = try db.first("SELECT facts_digest FROM links LIMIT 1") { $0.text(0) }
      }
      return nil
    } catch {
      return if case .unavailable(let reason) = RegisterError(error) { reason } else { nil }
    }
  }

  /// A file that a check or a restore looks into and never changes.
  static func archive(_ path: String) throws -> DatabaseQueue {
    var configuration = base(label: "register.archive")
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// A new file that a backup goes into: no log beside it, so that it is one file.
  static func copy(_ path: String) throws -> DatabaseQueue {
    createPrivately(path)
    return try DatabaseQueue(path: path, configuration: base(label: "register.copy"))
  }

  private static func base(label: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = label
    configuration.busyMode = .timeout(1)
    // Transactions are begun and ended by the writer and the readers themselves.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { db in
      try db.run("PRAGMA cell_size_check = 1")
      try db.run("PRAGMA temp_store = MEMORY")
      try db.run("PRAGMA cache_size = -16384")
    }
    return configuration
  }

  /// SQLite would make the file as readable as the umask lets it. What stands beside it takes the same mode.
  private static func createPrivately(_ path: String) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The new file's own name is on disk too.
  static func syncDirectory(of path: String) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
