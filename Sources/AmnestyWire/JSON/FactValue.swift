// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A fact that an act declares beyond the members of the record, as a record states it.
public enum FactValue: Sendable, Hashable {
  case bool(Bool)
  /// An integer, exact to 64 bits: days, months, tenge.
  case integer(Int64)
  /// A number with a fraction or an exponent, as the nearest binary64.
  case number(Double)
  /// A word, a date or any other text; the act says which.
  case string(String)
  case strings([String])
}

extension FactValue {
  static var placeholder: FactValue { .bool(false) }

  static func read(_ reader: inout JSONReader) throws(JSONError) -> FactValue {
    switch try reader.peek() {
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      return .bool(try reader.readBool())
    case UInt8(ascii: "\""):
      return .string(try reader.readString())
    case UInt8(ascii: "["):
      return .strings(try reader.readArray { reader throws(JSONError) in try reader.readString() })
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let offset = reader.offset
      let number = try reader.scanNumber()
      if let integer = number.integer { return .integer(integer) }
      if number.isInteger {
        reader.note(.outOfRange(.min ... .max), at: offset)
        return .integer(0)
      }
      return .number(reader.double(of: number, at: offset))
    default:
      try reader.skipWrongType(expected: "true, false, a number, a string or a list of strings")
      return .bool(false)
    }
  }

  func write(_ writer: inout JSONWriter) {
    switch self {
    case .bool(let value): writer.bool(value)
    case .integer(let value): writer.integer(value)
    case .number(let value): writer.number(value)
    case .string(let value): writer.string(value)
    case .strings(let values):
      let start = writer.position
      for value in values {
        writer.comma()
        writer.string(value)
      }
      writer.closeArray(since: start)
    }
  }
}

extension JSONReader {
  /// The elements of an array, each read by `element`; anything else is noted and reads as empty.
  @inline(__always)
  package mutating func readArray<Element>(
    _ element: (inout JSONReader) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    guard try self.enterArray() == .nonEmpty else { return [] }
    var elements: [Element] = []
    repeat { elements.append(try element(&self)) } while try self.nextElement()
    return elements
  }

  /// The members of an object with free names; null members are left out.
  package mutating func readMap<Value>(
    _ value: (inout JSONReader) throws(JSONError) -> Value
  ) throws(JSONError) -> [String: Value] {
    guard try self.enterObject() == .nonEmpty else { return [:] }
    var names = JSONNameSet()
    var map: [String: Value] = [:]
    repeat {
      let key = try self.readKey()
      try names.insert(key)
      let name = key.string
      if try self.readNull() { continue }
      map[name] = try value(&self)
    } while try self.nextMember()
    return map
  }
}
