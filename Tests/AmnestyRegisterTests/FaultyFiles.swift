// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import GRDBSQLite
internal import Synchronization

/// Lets SQLite's reads and syncs of chosen files fail, beneath SQLite and in this process: its own file system with two methods exchanged.
enum FaultyFiles {
  struct Faults {
    var readsFail = false
    /// How many syncs still fail.
    var failingSyncs = 0
  }

  private struct Files {
    /// By the path of the database; its log has the same faults.
    var faults: [String: Faults] = [:]
    /// By the address of SQLite's file.
    var paths: [UInt: String] = [:]
  }

  private static let files = Mutex(Files())

  /// Of files that are opened from now on.
  static func install() { _ = isInstalled }

  static func set(_ faults: Faults, of path: String) {
    files.withLock { $0.faults[path] = faults }
  }

  // MARK: - Beneath SQLite

  /// What the system's own methods are; they are the same for every file.
  private struct System: @unchecked Sendable {
    var open:
      @convention(c) (
        UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, CInt, UnsafeMutablePointer<CInt>?
      ) -> CInt
    var fileSystem: UnsafeMutablePointer<sqlite3_vfs>
  }

  private static let system: System? = {
    guard let fileSystem = sqlite3_vfs_find(nil), let open = fileSystem.pointee.xOpen else { return nil }
    return System(open: open, fileSystem: fileSystem)
  }()

  /// The methods that were made of each table of the system's: it has one for databases and one for logs.
  private struct Methods {
    var original: UInt
    var exchanged: UInt
  }

  private static let methods = Mutex<[Methods]>([])

  private static let isInstalled: Bool = {
    guard let system else { return false }
    system.fileSystem.pointee.xOpen = { fileSystem, name, file, flags, outFlags in
      guard let system = FaultyFiles.system else { return SQLITE_ERROR }
      let code = system.open(fileSystem, name, file, flags, outFlags)
      if code == SQLITE_OK, let name, let file { FaultyFiles.watch(file, String(cString: name)) }
      return code
    }
    return true
  }()

  private static func watch(_ file: UnsafeMutablePointer<sqlite3_file>, _ name: String) {
    guard let original = file.pointee.pMethods else { return }
    let path = name.hasSuffix("-wal") ? String(name.dropLast(4)) : name
    let (address, table) = (UInt(bitPattern: file), UInt(bitPattern: original))
    files.withLock { $0.paths[address] = path }
    let exchanged = methods.withLock { known in
      if let there = known.first(where: { $0.original == table }) { return there.exchanged }
      let exchanged = FaultyFiles.exchanged(table)
      known.append(Methods(original: table, exchanged: exchanged))
      return exchanged
    }
    file.pointee.pMethods = UnsafePointer(bitPattern: exchanged)
  }

  private static func exchanged(_ original: UInt) -> UInt {
    guard let original = UnsafePointer<sqlite3_io_methods>(bitPattern: original) else { return 0 }
    let exchanged = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    exchanged.initialize(to: original.pointee)
    exchanged.pointee.xRead = { file, bytes, count, offset in
      if FaultyFiles.readFails(UInt(bitPattern: file)) { return CInt(SQLITE_IOERR | (1 << 8)) }
      return FaultyFiles.original(of: file)?.xRead?(file, bytes, count, offset) ?? SQLITE_IOERR
    }
    exchanged.pointee.xSync = { file, flags in
      if FaultyFiles.syncFails(UInt(bitPattern: file)) { return CInt(SQLITE_IOERR | (4 << 8)) }
      return FaultyFiles.original(of: file)?.xSync?(file, flags) ?? SQLITE_IOERR
    }
    return UInt(bitPattern: exchanged)
  }

  private static func original(of file: UnsafeMutablePointer<sqlite3_file>?) -> sqlite3_io_methods? {
    let exchanged = UInt(bitPattern: file?.pointee.pMethods)
    let original = methods.withLock { known in known.first { $0.exchanged == exchanged }?.original }
    return original.flatMap { UnsafePointer<sqlite3_io_methods>(bitPattern: $0) }?.pointee
  }

  private static func readFails(_ file: UInt) -> Bool {
    files.withLock { files in files.paths[file].flatMap { files.faults[$0] }?.readsFail ?? false }
  }

  private static func syncFails(_ file: UInt) -> Bool {
    files.withLock { files in
      guard let path = files.paths[file], let left = files.faults[path]?.failingSyncs, left > 0 else { return false }
      files.faults[path]?.failingSyncs = left - 1
      return true
    }
  }
}
