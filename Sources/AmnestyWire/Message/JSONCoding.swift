// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore

/// From the bytes of a body to a message and back, with the errors of the contract.
package enum JSONCoding {
  /// Which end sent a message: a request is read strictly, of a response what is not known is passed over.
  package enum Role: Sendable {
    case request
    case response
  }

  /// Reads the whole of `buffer`; an empty one is `{}`.
  @inline(__always)
  static func decode<Message>(
    _ buffer: ByteBuffer, as role: Role, _ read: (inout JSONReader) throws(JSONError) -> Message
  ) throws(Status) -> Message {
    do throws(JSONReadFailure) {
      return try buffer.readableBytesSpan.withUnsafeBytes { (bytes) throws(JSONReadFailure) in
        if bytes.isEmpty { return try Self.decodeNothing(as: role, read) }
        return try JSONReader.read(bytes, as: role, read)
      }
    } catch {
      throw Self.status(of: error, as: role)
    }
  }

  @inline(never)
  private static func decodeNothing<Message>(
    as role: Role, _ read: (inout JSONReader) throws(JSONError) -> Message
  ) throws(JSONReadFailure) -> Message {
    let text: StaticString = "{}"
    return try JSONReader.read(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), as: role, read)
  }

  @inline(never)
  private static func status(of failure: JSONReadFailure, as role: Role) -> Status {
    switch (failure, role) {
    case (.malformed(let error), .request):
      return .malformedJSON(offset: error.offset, error.reason.description)
    case (.invalid(let faults, let total), .request):
      return .invalidField(faults.map { FieldViolation(field: $0.pointer, description: $0.description) }, total: total)
    case (.malformed(let error), .response):
      return .unreadableResponse("it is malformed at byte \(error.offset): \(error.reason)")
    case (.invalid(let faults, _), .response):
      return .unreadableResponse(faults.first.map { "\($0.pointer) \($0.description)" } ?? "it has another shape")
    }
  }

  static func encode(_ message: some WireMessage) -> ByteBuffer {
    var buffer = ByteBuffer()
    message.encode(into: &buffer)
    return buffer
  }
}

extension Status {
  /// What a client ends a call with whose response it cannot read.
  static func unreadableResponse(_ why: String) -> Status {
    Status(
      .internal, reason: "UNREADABLE_RESPONSE",
      "The response of the daemon cannot be read: \(why). Check that client and daemon are of versions that fit.")
  }
}
