// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Glibc
internal import Logging

/// Where the register's files are, and what is seen of them before it is opened.
struct RegisterFiles: Sendable {
  let folder: String
  let backups: String

  init(_ folder: String, backups: String?) {
    self.folder = folder
    self.backups = backups ?? folder + "/backups"
  }

  private static let name = "register.sqlite"

  var database: String { folder + "/" + RegisterFiles.name }

  /// A register may be written by one daemon: who has the lock. Where the file system is read-only it cannot be taken; it is tried again whenever
  /// the register is.
  func admission(_ lock: StateLock) -> RegisterAdmission {
    { [backups] () throws(RegisterError) in
      guard !lock.isHeld else { return }
      do throws(DaemonError) {
        try lock.take()
        try Folder.make(backups)
      } catch {
        switch error.kind {
        case .readOnlyFileSystem:
          throw .unavailable(Unavailability(.readOnly, message: "the state directory lies in a file system that is mounted read-only"))
        case .temporary: throw .unavailable(Unavailability(.locked, message: "another amnestyd uses the state directory"))
        default: throw .unavailable(Unavailability(.cannotOpen, message: "the state directory cannot be locked"))
        }
      }
    }
  }

  /// Where it cannot be made because nothing can, that is told with the register, which cannot be used either.
  func makeBackupFolder(_ logger: Logger) throws(DaemonError) {
    do throws(DaemonError) {
      try Folder.make(backups)
    } catch  where error.kind == .readOnlyFileSystem {
      logger.warning("no folder for backups", metadata: ["reason": "\(error)"])
    }
  }

  /// A register that begins empty beside what an earlier one left may be a mistake that somebody wants to know of before the first case.
  func warnOfEarlier(_ logger: Logger) {
    var status = stat()
    guard stat(database, &status) != 0 ? errno == ENOENT : status.st_size == 0 else { return }
    let traces =
      RegisterFiles.names(in: folder) { $0.hasPrefix(RegisterFiles.name) && $0 != RegisterFiles.name }
      + RegisterFiles.names(in: backups) { $0.hasSuffix(".sqlite") }
    guard !traces.isEmpty else { return }
    logger.warning(
      "the register begins empty beside traces of an earlier one",
      metadata: ["state.directory": "\(folder)", "traces": .array(traces.sorted().prefix(8).map { .string($0) })])
  }

  private static func names(in folder: String, where isMeant: (String) -> Bool) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if isMeant(name) { names.append(name) }
    }
    return names
  }
}
