// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
package import AmnestyWire
internal import Glibc
package import NIOCore

/// The values of a file, one a line; or the one value of a file that is broken into lines.
package struct RecordLines: AsyncSequence, Sendable {
  package struct Line: Sendable {
    /// From 1.
    package var number: Int
    package var bytes: ByteBuffer
    /// Bytes of the file up to here.
    package var position: Int
  }

  private let file: InputFile
  private static let longest = 4 << 20

  package init(_ file: InputFile) {
    self.file = file
  }

  package func makeAsyncIterator() -> Iterator { Iterator(file: self.file) }

  package struct Iterator: AsyncIteratorProtocol {
    let file: InputFile
    private var buffer = ByteBuffer()
    private var isAtEnd = false
    private var number = 0
    private var position = 0
    private var searched = 0

    init(file: InputFile) {
      self.file = file
    }

    /// The next line that is not blank.
    package mutating func next() async throws -> Line? {
      while true {
        guard let bytes = try await self.nextLine() else { return nil }
        guard bytes.readableBytesView.contains(where: { $0 > 0x20 }) else { continue }
        let isFirst = self.number == 1
        if isFirst, !JSONText.isOneValue(bytes), let whole = try await self.wholeValue(startingWith: bytes) {
          return Line(number: 1, bytes: whole, position: self.position)
        }
        return Line(number: self.number, bytes: bytes, position: self.position)
      }
    }

    private mutating func nextLine() async throws -> ByteBuffer? {
      while true {
        let start = self.buffer.readerIndex + self.searched
        let view = self.buffer.viewBytes(at: start, length: self.buffer.readableBytes - self.searched)
        if let end = view?.firstIndex(of: UInt8(ascii: "\n")) {
          let line = self.buffer.readSlice(length: end - self.buffer.readerIndex)
          self.buffer.moveReaderIndex(forwardBy: 1)
          self.searched = 0
          self.number += 1
          self.position += (line?.readableBytes ?? 0) + 1
          return line
        }
        self.searched = self.buffer.readableBytes
        if self.isAtEnd {
          guard self.buffer.readableBytes > 0 else { return nil }
          let line = self.buffer.readSlice(length: self.buffer.readableBytes)
          self.searched = 0
          self.number += 1
          self.position += line?.readableBytes ?? 0
          return line
        }
        guard self.buffer.readableBytes <= RecordLines.longest else {
          let (file, line) = (self.file, self.number + 1)
          throw InputError(exitCode: EX_DATAERR) {
            Text.inputLineTooLong($0, file: file.name(in: $0), line: "\(line)", limit: "\(RecordLines.longest)")
          }
        }
        try await self.fill()
      }
    }

    private mutating func fill() async throws {
      var piece = try await self.file.read()
      if piece.readableBytes == 0 { self.isAtEnd = true }
      if self.buffer.readableBytes == 0 {
        self.buffer = piece
      } else {
        var joined = ByteBuffer()
        joined.reserveCapacity(self.buffer.readableBytes + piece.readableBytes)
        joined.writeBuffer(&self.buffer)
        joined.writeBuffer(&piece)
        self.buffer = joined
      }
    }

    /// The file as one value, if it is one; else nothing is consumed but its first line.
    private mutating func wholeValue(startingWith first: ByteBuffer) async throws -> ByteBuffer? {
      while !self.isAtEnd, self.buffer.readableBytes <= RecordLines.longest { try await self.fill() }
      var whole = first
      whole.writeInteger(UInt8(ascii: "\n"))
      whole.writeImmutableBuffer(self.buffer)
      guard self.isAtEnd, JSONText.isOneValue(whole) else { return nil }
      self.position += self.buffer.readableBytes
      self.buffer.clear()
      self.searched = 0
      return whole
    }
  }
}

/// What can be said of JSON without knowing what it means.
package enum JSONText {
  package static func isOneValue(_ bytes: ByteBuffer) -> Bool { self.failure(of: bytes) == nil }

  /// Why the bytes are not one JSON value.
  package static func failure(of bytes: ByteBuffer) -> Status? {
    bytes.withUnsafeReadableBytes { bytes in
      do throws(JSONReadFailure) {
        try JSONReader.read(bytes) { reader throws(JSONError) in try reader.skipValue() }
        return nil
      } catch {
        return Self.status(error)
      }
    }
  }

  /// The string under a name of an object, if it has one there; the status says why the bytes are no JSON.
  package static func string(_ name: StaticString, of bytes: ByteBuffer) -> Result<String?, Status> {
    bytes.withUnsafeReadableBytes { bytes in
      var found: String?
      do throws(JSONReadFailure) {
        try JSONReader.read(bytes) { reader throws(JSONError) in
          guard try reader.enterObject() == .nonEmpty else { return }
          repeat {
            if try reader.readKey().equals(name), found == nil {
              found = try reader.readString()
            } else {
              try reader.skipValue()
            }
          } while try reader.nextMember()
        }
        return .success(found)
      } catch {
        if case .malformed = error { return .failure(Self.status(error)) }
        // Of another type than an object: the daemon says so with its path.
        return .success(nil)
      }
    }
  }

  package static func status(_ failure: JSONReadFailure) -> Status {
    switch failure {
    case .malformed(let error): .malformedJSON(offset: error.offset, error.reason.description)
    case .invalid(let faults, let total):
      .invalidField(faults.map { FieldViolation(field: $0.pointer, description: $0.description) }, total: total)
    }
  }
}

extension JSONText {
  /// Text as a JSON string.
  package static func quoted(_ text: String) -> String {
    JSONWriter.text { $0.string(text) }
  }

  /// A status as the wire has it where it stands in a message.
  package static func of(_ status: Status) -> String {
    String(json(AssessStreamResponse(error: status)).dropFirst("{\"error\":".count).dropLast())
  }
}
