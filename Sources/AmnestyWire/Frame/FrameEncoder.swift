// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// How a connection's frames are written.
package enum WireMode: Sendable, Hashable, CaseIterable {
  /// Length, head, line feed, body.
  case frames
  /// One object a line, with the body inside.
  case lines
}

/// Writes frames at the end of a buffer that may hold others.
package struct FrameEncoder: Sendable {
  package let mode: WireMode

  package init(mode: WireMode = .frames) {
    self.mode = mode
  }

  /// A frame whose body is being appended.
  package struct OpenFrame: Sendable {
    fileprivate var start: Int
    fileprivate var bodyStart: Int
  }

  package enum BodyKind: Sendable {
    case item, end
  }

  // MARK: - In two steps, so that a body is written where it is sent from

  /// Writes the beginning of an `item` or of an `end` without a code; the body is to be appended next.
  package func begin(_ kind: BodyKind, id: UInt64, into buffer: inout ByteBuffer) -> OpenFrame {
    let start = buffer.writerIndex
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 64) { bytes in
      var position = 0
      if self.mode == .frames { position = WireLimits.lengthBytes }
      position = bytes.put(kind == .end ? "{\"end\":" : "{\"item\":", at: position)
      position = bytes.put(id, at: position)
      return bytes.put(self.mode == .frames ? "}\n" : ",\"body\":", at: position)
    }
    return OpenFrame(start: start, bodyStart: buffer.writerIndex)
  }

  /// Completes a frame and returns its length: what the receiver's `maxFrame` bounds.
  package func finish(_ frame: OpenFrame, into buffer: inout ByteBuffer) -> Int {
    let isEmpty = buffer.writerIndex == frame.bodyStart
    switch self.mode {
    case .frames:
      if isEmpty { buffer.moveWriterIndex(to: frame.bodyStart - 1) }
      let length = buffer.writerIndex - frame.start - WireLimits.lengthBytes
      buffer.setInteger(UInt32(truncatingIfNeeded: length), at: frame.start)
      return length
    case .lines:
      if isEmpty { buffer.moveWriterIndex(to: frame.bodyStart - 8) }
      buffer.writeStaticString("}\n")
      return buffer.writerIndex - frame.start - 1
    }
  }

  /// Takes a frame back that was begun.
  package func abandon(_ frame: OpenFrame, in buffer: inout ByteBuffer) {
    buffer.moveWriterIndex(to: frame.start)
  }

  // MARK: - Whole frames

  /// Writes a frame and returns its length. `methods` gives the names of methods that are known by index.
  @discardableResult
  package func write(_ head: FrameHead, body: ByteBuffer? = nil, methods: MethodTable? = nil, into buffer: inout ByteBuffer) -> Int {
    let start = buffer.writerIndex
    if self.mode == .frames { buffer.writeInteger(UInt32(0)) }
    JSONWriter.append(to: &buffer) { writer in
      let object = writer.position
      head.writeMembers(to: &writer, methods: methods)
      if self.mode == .lines, let body, body.readableBytes > 0 {
        writer.raw(",\"body\":")
        body.withUnsafeReadableBytes { writer.raw($0) }
      }
      writer.closeObject(since: object)
    }
    switch self.mode {
    case .frames:
      if let body {
        buffer.writeInteger(UInt8(ascii: "\n"))
        buffer.writeImmutableBuffer(body)
      }
      let length = buffer.writerIndex - start - WireLimits.lengthBytes
      buffer.setInteger(UInt32(truncatingIfNeeded: length), at: start)
      return length
    case .lines:
      buffer.writeInteger(UInt8(ascii: "\n"))
      return buffer.writerIndex - start - 1
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Puts text of the program at `position`, for which there must be room, and returns the position after it.
  @inline(__always)
  fileprivate func put(_ text: StaticString, at position: Int) -> Int {
    let count = text.utf8CodeUnitCount
    UnsafeMutableRawBufferPointer(rebasing: self[position..<position + count])
      .copyMemory(from: UnsafeRawBufferPointer(start: text.utf8Start, count: count))
    return position + count
  }

  @inline(__always)
  fileprivate func put(_ number: UInt64, at position: Int) -> Int {
    var digits = 1
    var bound: UInt64 = 10
    while digits < 20, number >= bound {
      digits += 1
      bound = bound &* 10
    }
    var rest = number
    var index = position + digits
    repeat {
      index -= 1
      self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while index > position
    return position + digits
  }
}
