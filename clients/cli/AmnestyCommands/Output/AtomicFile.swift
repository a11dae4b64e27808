// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Glibc

/// A file that readers see whole, as it was or as it is.
package enum AtomicFile {
  /// - Throws: ``InputError`` where it cannot be written; what was there stays then.
  package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws {
    // In the same folder, so that the rename is one; its name is none that a collector takes.
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let temporary = "\(folder).\(name).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Self.error(path) }
    var isKept = false
    defer {
      close(descriptor)
      if !isKept { unlink(temporary) }
    }
    var output = StandardOutput(descriptor: descriptor)
    try output.write(text)
    try output.flush()
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.error(path) }
    isKept = true
  }

  private static func error(_ path: String) -> InputError {
    let why = SystemError()
    return InputError(exitCode: EX_CANTCREAT) { Text.outputFileNotWritten($0, path: path, why: why.text(in: $0)) }
  }
}

/// A file that grows line by line.
package enum AppendedFile {
  /// - Throws: ``InputError`` where the line is not on disk.
  package static func append(_ line: String, to path: String, mode: UInt32 = 0o600) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Self.error(path) }
    defer { close(descriptor) }
    var output = StandardOutput(descriptor: descriptor)
    try output.line(line)
    try output.flush()
    guard fsync(descriptor) == 0 else { throw Self.error(path) }
  }

  private static func error(_ path: String) -> InputError {
    let why = SystemError()
    return InputError(exitCode: EX_CANTCREAT) { Text.outputFileNotAppended($0, path: path, why: why.text(in: $0)) }
  }
}
