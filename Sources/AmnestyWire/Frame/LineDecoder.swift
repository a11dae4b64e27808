// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// Cuts a stream of lines into the same frames: one JSON object a line, whose member `body` is the body.
///
/// The body is found by its brackets and quotes alone and handed on as it stands; whether it is JSON is for the method's
/// reader to say, so that a malformed body costs its call and no more.
package struct LineDecoder: Sendable {
  /// A longer line is an error.
  package var maxLine: Int
  private var buffer = ByteBuffer()
  /// How many bytes of the line that is being received hold no line feed.
  private var searched = 0

  package init(maxLine: Int = WireLimits.defaultMaxFrame) {
    self.maxLine = maxLine
  }

  package var bufferedBytes: Int { self.buffer.readableBytes }

  package mutating func append(_ bytes: ByteBuffer) {
    if self.buffer.readableBytes == 0 {
      self.buffer = bytes
    } else {
      if self.buffer.readerIndex > 64 << 10 { self.buffer.discardReadBytes() }
      self.buffer.writeImmutableBuffer(bytes)
    }
  }

  /// The next line, or nil until more bytes come. At the end of the input the last line needs no line feed.
  package mutating func next(atEnd: Bool = false) throws(FrameError) -> RawFrame? {
    while true {
      let searched = self.searched
      let lineFeed = self.buffer.withUnsafeReadableBytes { bytes in bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) }
      let length: Int
      if let lineFeed {
        length = lineFeed
      } else {
        self.searched = self.buffer.readableBytes
        guard self.searched <= self.maxLine else { throw FrameError("a line is longer than \(self.maxLine) bytes") }
        guard atEnd, self.searched > 0 else {
          if self.searched == 0 { self.buffer = ByteBuffer() }
          return nil
        }
        length = self.searched
      }
      guard length <= self.maxLine else { throw FrameError("a line is longer than \(self.maxLine) bytes") }
      self.searched = 0
      guard let line = self.buffer.readSlice(length: length) else { return nil }
      if lineFeed != nil { self.buffer.moveReaderIndex(forwardBy: 1) }
      if let frame = try Self.split(line) { return frame }
    }
  }

  /// The line's head and body; nil for a line of white space.
  private static func split(_ line: ByteBuffer) throws(FrameError) -> RawFrame? {
    let start = line.readerIndex
    let scan = line.withUnsafeReadableBytes { bytes in
      var scanner = LineScanner(bytes)
      return scanner.scan()
    }
    switch scan {
    case .blank: return nil
    case .unbalanced: throw FrameError("a line is not one JSON object")
    case .head:
      guard line.readableBytes <= WireLimits.headBytes else { throw FrameError("a head is longer than \(WireLimits.headBytes) bytes") }
      return RawFrame(head: line)
    case .body(let range):
      guard line.readableBytes - range.count <= WireLimits.headBytes else {
        throw FrameError("a head is longer than \(WireLimits.headBytes) bytes")
      }
      // The decoder of heads ignores a member named body: it is shown an empty one.
      var head = ByteBuffer()
      head.reserveCapacity(line.readableBytes - range.count + 1)
      head.writeBytes(line.readableBytesView[start..<start + range.lowerBound])
      head.writeInteger(UInt8(ascii: "0"))
      head.writeBytes(line.readableBytesView[(start + range.upperBound)...])
      return RawFrame(head: head, body: line.getSlice(at: start + range.lowerBound, length: range.count))
    }
  }
}

/// Finds the value of the member `body` of an object by brackets and quotes.
private struct LineScanner {
  enum Result {
    case blank
    case head
    case body(Range<Int>)
    case unbalanced
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func scan() -> Result {
    self.skipSpace()
    guard self.position < self.bytes.count else { return .blank }
    guard self.take(UInt8(ascii: "{")) else { return .unbalanced }
    var body: Range<Int>?
    repeat {
      self.skipSpace()
      let name = self.position
      // An empty object, and what else is not an object, is left to the decoder of heads.
      guard self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: "\""), self.skipString() else { return .head }
      let isBody = Self.isBody(UnsafeRawBufferPointer(rebasing: self.bytes[name..<self.position]))
      self.skipSpace()
      guard self.take(UInt8(ascii: ":")) else { return .unbalanced }
      self.skipSpace()
      let start = self.position
      guard self.skipValue(), self.position > start else { return .unbalanced }
      if isBody {
        guard body == nil else { return .unbalanced }
        body = start..<self.position
      }
      self.skipSpace()
    } while self.take(UInt8(ascii: ","))
    guard self.take(UInt8(ascii: "}")) else { return .unbalanced }
    return body.map { .body($0) } ?? .head
  }

  /// A name is mostly written without escapes; with some it is unescaped by the reader.
  private static func isBody(_ name: UnsafeRawBufferPointer) -> Bool {
    if name.count == 6 { return name.elementsEqual("\"body\"".utf8) }
    guard name.contains(UInt8(ascii: "\\")) else { return false }
    return (try? JSONReader.read(name) { reader throws(JSONError) in try reader.readString() }) == "body"
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard self.position < self.bytes.count, self.bytes[self.position] == byte else { return false }
    self.position += 1
    return true
  }

  private mutating func skipSpace() {
    while self.position < self.bytes.count, [0x20, 0x09, 0x0D].contains(self.bytes[self.position]) { self.position += 1 }
  }

  /// Past the string at the position, whose quote was seen; false where it does not end.
  private mutating func skipString() -> Bool {
    self.position += 1
    while self.position < self.bytes.count {
      let byte = self.bytes[self.position]
      self.position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return true }
    }
    return false
  }

  /// Past a value up to the comma or bracket after it, white space before that excluded.
  private mutating func skipValue() -> Bool {
    var depth = 0
    var end = self.position
    while self.position < self.bytes.count {
      switch self.bytes[self.position] {
      case UInt8(ascii: "\""):
        guard self.skipString() else { return false }
        end = self.position
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 {
          self.position = end
          return true
        }
        depth -= 1
      case UInt8(ascii: ","):
        if depth == 0 {
          self.position = end
          return true
        }
      case 0x20, 0x09, 0x0D:
        self.position += 1
        continue
      default:
        break
      }
      self.position += 1
      end = self.position
    }
    return false
  }
}
