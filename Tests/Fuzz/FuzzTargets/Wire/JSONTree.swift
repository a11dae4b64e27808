// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// Any JSON value, told apart by bytes: texts that Unicode takes for equal are two.
indirect enum JSONTree: Equatable {
  case null
  case bool(Bool)
  /// As it is written.
  case number(String)
  case string([UInt8])
  case array([JSONTree])
  case object([Member])

  struct Member: Equatable {
    var name: [UInt8]
    var value: JSONTree

    func isNamed(_ text: String) -> Bool { self.name.elementsEqual(text.utf8) }
  }

  /// The one value of `bytes`, or why they are not I-JSON.
  static func read(_ bytes: UnsafeRawBufferPointer) -> Result<JSONTree, JSONError> {
    do throws(JSONReadFailure) {
      return .success(try JSONReader.read(bytes) { reader throws(JSONError) in try Self.read(&reader) })
    } catch {
      switch error {
      case .malformed(let error): return .failure(error)
      // Nothing above asks for a type that is not there.
      case .invalid: return .failure(JSONError(offset: -1, reason: .unexpectedByte))
      }
    }
  }

  static func read(_ bytes: [UInt8]) -> Result<JSONTree, JSONError> { bytes.withUnsafeBytes { Self.read($0) } }

  private static func read(_ reader: inout JSONReader) throws(JSONError) -> JSONTree {
    switch try reader.peek() {
    case UInt8(ascii: "n"):
      _ = try reader.readNull()
      return .null
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try reader.readBool())
    case UInt8(ascii: "\""): return .string(Array(try reader.readString().utf8))
    case UInt8(ascii: "["): return .array(try reader.readArray { reader throws(JSONError) in try Self.read(&reader) })
    case UInt8(ascii: "{"):
      var members: [Member] = []
      guard try reader.enterObject() == .nonEmpty else { return .object(members) }
      var names = JSONNameSet()
      repeat {
        let key = try reader.readKey()
        try names.insert(key)
        let name = Array(key.bytes)
        members.append(Member(name: name, value: try Self.read(&reader)))
      } while try reader.nextMember()
      return .object(members)
    default: return .number(String(decoding: try reader.readRawValue(), as: UTF8.self))
    }
  }

  /// Written in the order it was read in.
  func write(_ writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .number(let text): writer.rawText(text)
    case .string(let text): text.withUnsafeBufferPointer { writer.string($0) }
    case .array(let elements):
      let start = writer.position
      for element in elements {
        writer.comma()
        element.write(&writer)
      }
      writer.closeArray(since: start)
    case .object(let members):
      let start = writer.position
      for member in members {
        writer.comma()
        member.name.withUnsafeBufferPointer { writer.string($0) }
        writer.byte(UInt8(ascii: ":"))
        member.value.write(&writer)
      }
      writer.closeObject(since: start)
    }
  }

  /// In the order of RFC 8785, numbers as they are.
  var sorted: JSONTree {
    switch self {
    case .array(let elements): .array(elements.map(\.sorted))
    case .object(let members):
      .object(
        members.map { Member(name: $0.name, value: $0.value.sorted) }.sorted {
          CanonicalDigest.precedes(String(decoding: $0.name, as: UTF8.self), String(decoding: $1.name, as: UTF8.self))
        })
    default: self
    }
  }

  subscript(name: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.isNamed(name) }?.value
  }
}

/// Why `bytes` are not I-JSON, as the part of the reader says that skips what nobody asked for.
func malformation(of bytes: UnsafeRawBufferPointer) -> JSONError? {
  do throws(JSONReadFailure) {
    try JSONReader.read(bytes) { reader throws(JSONError) in try reader.skipValue() }
    return nil
  } catch {
    guard case .malformed(let error) = error else { return JSONError(offset: -1, reason: .unexpectedByte) }
    return error
  }
}
