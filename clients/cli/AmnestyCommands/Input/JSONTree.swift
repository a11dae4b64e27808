// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
package import NIOCore

/// A JSON value whose parts can be changed; scalars are kept as they were written.
package indirect enum JSONTree: Sendable, Equatable {
  case object([Member])
  case array([JSONTree])
  /// A string, number, true, false or null, as text.
  case scalar(String)

  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONTree
  }

  /// - Throws: MALFORMED_JSON where the bytes are not one value.
  package init(_ bytes: ByteBuffer) throws(Status) {
    self = try bytes.withUnsafeReadableBytes { (bytes) throws(Status) in
      do throws(JSONReadFailure) {
        return try JSONReader.read(bytes) { reader throws(JSONError) in try Self.read(&reader) }
      } catch {
        throw JSONText.status(error)
      }
    }
  }

  private static func read(_ reader: inout JSONReader) throws(JSONError) -> JSONTree {
    switch try reader.peek() {
    case UInt8(ascii: "{"):
      var members: [Member] = []
      guard try reader.enterObject() == .nonEmpty else { return .object([]) }
      repeat {
        let name = try reader.readKey().string
        members.append(Member(name: name, value: try Self.read(&reader)))
      } while try reader.nextMember()
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONTree] = []
      guard try reader.enterArray() == .nonEmpty else { return .array([]) }
      repeat { elements.append(try Self.read(&reader)) } while try reader.nextElement()
      return .array(elements)
    default:
      return .scalar(String(decoding: try reader.readRawValue(), as: UTF8.self))
    }
  }

  package var text: String {
    switch self {
    case .scalar(let text): text
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { JSONText.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }

  package static let null = JSONTree.scalar("null")

  /// Puts a value where the tokens of a JSON Pointer say: objects on the way are made, an array grows by one at its end.
  ///
  /// - Returns: false where there is no such place.
  package mutating func set(_ path: ArraySlice<String>, to value: JSONTree) -> Bool {
    guard let token = path.first else {
      self = value
      return true
    }
    let rest = path.dropFirst()
    switch self {
    case .object(var members):
      if let index = members.firstIndex(where: { $0.name == token }) {
        guard members[index].value.set(rest, to: value) else { return false }
      } else {
        var inner = JSONTree.object([])
        guard inner.set(rest, to: value) else { return false }
        members.append(Member(name: token, value: inner))
      }
      self = .object(members)
    case .array(var elements):
      guard let index = token == "-" ? elements.count : Int(token), (0...elements.count).contains(index) else { return false }
      if index == elements.count { elements.append(.object([])) }
      guard elements[index].set(rest, to: value) else { return false }
      self = .array(elements)
    case .scalar("null"):
      self = .object([])
      return self.set(path, to: value)
    case .scalar: return false
    }
    return true
  }
}
