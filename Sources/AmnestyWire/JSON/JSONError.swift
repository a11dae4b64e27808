// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Why a message is not I-JSON, and where.
package struct JSONError: Error, Sendable, Equatable {
  /// The offset of the first byte that cannot be right; the length of the message where it ends too early.
  package var offset: Int
  package var reason: Reason

  package init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  package enum Reason: UInt8, Sendable, CaseIterable {
    case endOfInput
    case unexpectedByte
    case byteOrderMark
    case trailingBytes
    case invalidUTF8
    case controlCharacter
    case invalidEscape
    case loneSurrogate
    case noncharacter
    case invalidNumber
    case duplicateName
    case tooDeep
  }
}

extension JSONError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .endOfInput: "the message ends inside a value"
    case .unexpectedByte: "this byte cannot stand here"
    case .byteOrderMark: "a message has no byte order mark"
    case .trailingBytes: "only white space may follow the value"
    case .invalidUTF8: "this is not UTF-8"
    case .controlCharacter: "a control character in a string must be escaped"
    case .invalidEscape: "this is not an escape of JSON"
    case .loneSurrogate: "a surrogate stands alone"
    case .noncharacter: "a string must not contain a noncharacter of Unicode"
    case .invalidNumber: "this is not a number of JSON"
    case .duplicateName: "the name was given before in this object"
    case .tooDeep: "values nest at most \(JSONReader.maximumDepth) deep"
    }
  }
}

/// What is wrong with the value at `pointer` of a message that is well-formed JSON.
package struct JSONFault: Sendable, Equatable {
  /// A JSON Pointer (RFC 6901) into the message.
  package var pointer: String
  package var description: String

  package init(pointer: String, description: String) {
    self.pointer = pointer
    self.description = description
  }
}

/// Why a message could not be read.
package enum JSONReadFailure: Error, Sendable, Equatable {
  case malformed(JSONError)
  /// At most ``JSONReader/maximumFaults`` of `total` faults.
  case invalid([JSONFault], total: Int)
}
