// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
package import NIOCore
internal import NIOPosix

/// A file that a command reads, or standard input for `-`.
package final class InputFile: Sendable {
  package let name: String
  private let descriptor: CInt
  /// In bytes; nil for what has no end that is known, such as a pipe.
  package let size: Int?

  /// - Throws: ``InputError`` where it cannot be opened.
  package init(path: String) throws(InputError) {
    self.name = path == "-" ? "standard input" : path
    self.descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard self.descriptor >= 0 else {
      throw InputError("\(path): \(String(cString: strerror(errno))). Name a file that can be read, or - for standard input.")
    }
    var status = stat()
    let kind = fstat(self.descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    self.size = kind == S_IFREG ? Int(status.st_size) : nil
    if kind == S_IFDIR { throw InputError("\(path): is a folder. Name a file that can be read, or - for standard input.") }
  }

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
        return .failure(InputError("\(self.name): \(String(cString: strerror(code))). Try again, or read a copy.", exitCode: EX_IOERR))
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
        throw InputError("\(self.name): more than \(limit) bytes, which the daemon would refuse.", exitCode: EX_DATAERR)
      }
    }
  }
}
