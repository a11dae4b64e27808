// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// A frame cut out of the stream, its head not yet decoded. Both parts are views of what was received, not copies.
package struct RawFrame: Sendable, Equatable {
  package var head: ByteBuffer
  /// nil where the frame has none; an empty body is one.
  package var body: ByteBuffer?
  /// The frame's length where it exceeds the limit: it came without its body, which is discarded as it arrives.
  package var oversize: Int?

  package init(head: ByteBuffer, body: ByteBuffer? = nil, oversize: Int? = nil) {
    self.head = head
    self.body = body
    self.oversize = oversize
  }
}

/// A large frame of which the head has come, and not yet the whole body.
package struct FrameBeginning: Sendable, Equatable {
  package var head: ByteBuffer
  package var bodyBytes: Int
}

/// Cuts a stream of bytes into frames: a length of four bytes, a head, and a body after a line feed.
package struct FrameDecoder: Sendable {
  /// Longer frames are not kept; at most ``WireLimits/largestFrame``.
  package var maxFrame: Int
  private var buffer = ByteBuffer()
  /// How many bytes of an oversize frame are still to be thrown away.
  private var discarding = 0
  /// What the frame takes of which ``beginning()`` has told; 0 where there is none.
  package private(set) var begunBytes = 0

  package init(maxFrame: Int = WireLimits.defaultMaxFrame) {
    self.maxFrame = min(maxFrame, WireLimits.largestFrame)
  }

  /// Whether the bytes so far end between two frames.
  package var isBetweenFrames: Bool { self.buffer.readableBytes == 0 && self.discarding == 0 }

  package var bufferedBytes: Int { self.buffer.readableBytes }

  package mutating func append(_ bytes: ByteBuffer) {
    if self.buffer.readableBytes == 0 {
      self.buffer = bytes
    } else {
      if self.buffer.readerIndex > 64 << 10 { self.buffer.discardReadBytes() }
      self.buffer.writeImmutableBuffer(bytes)
    }
  }

  /// The next whole frame, or nil until more bytes come.
  package mutating func next() throws(FrameError) -> RawFrame? {
    if self.discarding > 0 {
      let count = min(self.discarding, self.buffer.readableBytes)
      self.buffer.moveReaderIndex(forwardBy: count)
      self.discarding -= count
    }
    guard self.discarding == 0, let prefix = self.buffer.getInteger(at: self.buffer.readerIndex, as: UInt32.self) else {
      self.forgetEmptyBuffer()
      return nil
    }
    let length = Int(prefix)
    guard length > 0 else { throw FrameError("a frame's length is 0") }
    guard length <= WireLimits.largestFrame else {
      throw FrameError("a frame's length is \(length), above the \(WireLimits.largestFrame) of the protocol")
    }
    guard length <= self.maxFrame else { return try self.nextOversize(length) }
    guard self.buffer.readableBytes >= WireLimits.lengthBytes + length else { return nil }
    self.begunBytes = 0
    self.buffer.moveReaderIndex(forwardBy: WireLimits.lengthBytes)
    guard let headLength = try self.headLength(within: length), let head = self.buffer.readSlice(length: headLength) else { return nil }
    guard headLength < length else { return RawFrame(head: head) }
    self.buffer.moveReaderIndex(forwardBy: 1)
    return RawFrame(head: head, body: self.buffer.readSlice(length: length - headLength - 1))
  }

  /// The head of the large frame whose body is awaited, once for each.
  package mutating func beginning() throws(FrameError) -> FrameBeginning? {
    let start = self.buffer.readerIndex
    guard self.discarding == 0, self.begunBytes == 0, let prefix = self.buffer.getInteger(at: start, as: UInt32.self) else { return nil }
    let length = Int(prefix)
    guard length > WireLimits.smallFrame, length <= self.maxFrame, self.buffer.readableBytes < WireLimits.lengthBytes + length else {
      return nil
    }
    self.buffer.moveReaderIndex(forwardBy: WireLimits.lengthBytes)
    defer { self.buffer.moveReaderIndex(to: start) }
    guard let headLength = try self.headLength(within: length),
      let head = self.buffer.getSlice(at: self.buffer.readerIndex, length: headLength)
    else { return nil }
    self.begunBytes = WireLimits.lengthBytes + length
    return FrameBeginning(head: head, bodyBytes: length - headLength - 1)
  }

  /// Throws away the frame of which ``beginning()`` has told: what is here of it, and what will come.
  package mutating func discardBegun() {
    guard self.begunBytes > 0 else { return }
    self.discarding = self.begunBytes - self.buffer.readableBytes
    self.begunBytes = 0
    self.buffer = ByteBuffer()
  }

  /// The head of a frame that is too long, as soon as it is here.
  private mutating func nextOversize(_ length: Int) throws(FrameError) -> RawFrame? {
    let start = self.buffer.readerIndex
    self.buffer.moveReaderIndex(forwardBy: WireLimits.lengthBytes)
    guard let headLength = try self.headLength(within: length), let head = self.buffer.readSlice(length: headLength) else {
      self.buffer.moveReaderIndex(to: start)
      return nil
    }
    self.discarding = length - headLength
    return RawFrame(head: head, oversize: length)
  }

  /// The number of bytes before the line feed, or before the end of a frame of `length` bytes; nil while neither is here.
  private func headLength(within length: Int) throws(FrameError) -> Int? {
    let available = min(length, self.buffer.readableBytes)
    let window = min(available, WireLimits.headBytes + 1)
    let lineFeed = self.buffer.withUnsafeReadableBytes { bytes in
      bytes[..<window].firstIndex(of: UInt8(ascii: "\n"))
    }
    if let lineFeed { return lineFeed }
    guard window <= WireLimits.headBytes else { throw FrameError("a head is longer than \(WireLimits.headBytes) bytes") }
    return available == length ? length : nil
  }

  /// Lets go of memory that the reader of the socket wants to use again.
  private mutating func forgetEmptyBuffer() {
    if self.buffer.readableBytes == 0 { self.buffer = ByteBuffer() }
  }
}
