// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Glibc
internal import NIOCore

/// Whoever read the output has gone: there is no more to do, and no error in it.
package struct OutputClosed: Error {
  package init() {}
}

/// Gathers what a command says and writes it in large pieces.
package struct StandardOutput: ~Copyable {
  private let descriptor: CInt
  private var buffer = ByteBuffer()

  package init(descriptor: CInt = STDOUT_FILENO) {
    self.descriptor = descriptor
  }

  package mutating func write(_ text: String) throws {
    self.buffer.writeString(text)
    if self.buffer.readableBytes >= 1 << 16 { try self.flush() }
  }

  package mutating func line(_ text: String) throws {
    try self.write(text)
    try self.write("\n")
  }

  /// - Throws: ``OutputClosed`` where nobody reads any more, ``InputError`` where it cannot be written.
  package mutating func flush() throws {
    while self.buffer.readableBytes > 0 {
      let count = self.buffer.withUnsafeReadableBytes { Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        self.buffer.moveReaderIndex(forwardBy: count)
      } else if errno == EPIPE {
        throw OutputClosed()
      } else if errno != EINTR {
        let why = SystemError()
        throw InputError(exitCode: EX_IOERR) { Text.outputNotWritten($0, why: why.text(in: $0)) }
      }
    }
    self.buffer.clear()
  }
}
