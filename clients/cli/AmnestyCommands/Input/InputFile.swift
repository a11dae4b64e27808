// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts
internal import Glibc
package import NIOCore
internal import NIOPosix

/// A file that a command reads, or standard input for `-`.
package final class InputFile: Sendable {
  private let path: String
  private let descriptor: CInt
  /// In bytes; nil for what has no end that is known, such as a pipe.
  package let size: Int?

  /// - Throws: ``InputError`` where it cannot be opened.
  package init(path: String) throws(InputError) {
    self.path = path
    self.descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard self.descriptor >= 0 else {
      let why = SystemError()
      throw InputError { Text.inputUnreadable($0, path: path, why: why.text(in: $0)) }
    }
    var status = stat()
    let kind = fstat(self.descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    self.size = kind == S_IFREG ? Int(status.st_size) : nil
    if kind == S_IFDIR { throw InputError { Text.inputIsFolder($0, path: path) } }
  }

  /// As an error names it.
  package func name(in language: Language) -> String { self.path == "-" ? Text.inputStandard(language) : self.path }

  deinit {
    if self.descriptor != STDIN_FILENO { close(self.descriptor) }
  }

  /// The next bytes; empty at the end. Waits on a thread that may wait.
  package func read(atMost count: Int = 1 << 18) async throws -> ByteBuffer {
    let result = try await NIOThreadPool.singleton.runIfActive { () -> Result<ByteBuffer, InputError> in
      var buffer = ByteBuffer()
      var code: CInt = 0
      repeat {
        code = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
          let got = Glibc.read(self.descriptor, bytes.baseAddress, count)
          if got < 0 { code = errno }
          return max(0, got)
        }
      } while code == EINTR
      guard code == 0 else {
        let why = SystemError(code)
        return .failure(
          InputError(exitCode: EX_IOERR) { Text.inputReadFailed($0, file: self.name(in: $0), why: why.text(in: $0)) })
      }
      return .success(buffer)
    }
    return try result.get()
  }

  /// All of it, which may not be longer than a frame.
  package func readAll(limit: Int = 4 << 20) async throws -> ByteBuffer {
    var all = ByteBuffer()
    while true {
      var piece = try await self.read()
      if piece.readableBytes == 0 { return all }
      all.writeBuffer(&piece)
      guard all.readableBytes <= limit else {
        throw InputError(exitCode: EX_DATAERR) { Text.inputTooLong($0, file: self.name(in: $0), limit: "\(limit)") }
      }
    }
  }
}
