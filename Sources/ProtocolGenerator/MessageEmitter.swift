// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes a message: its struct, its reader, its writer, and for requests its canonical writer.
struct MessageEmitter {
  var contract: Contract
  var type: SchemaType
  var isRequest: Bool

  private var fields: [SchemaType.Field] { self.type.fields }

  func emit() -> String {
    var source = SourceText(imports: ["public import NIOCore"])
    self.emitStruct(&source)
    source.line()
    source.block("extension \(self.type.name)") { source in
      self.emitPlaceholder(&source)
      source.line()
      self.emitReader(&source)
      source.line()
      source.doc("Reads into a place in memory: a large value carried through a loop in registers would be copied on every turn.")
      source.line("@inline(never)")
      source.block("static func read(into place: inout \(self.type.name)?, _ reader: inout JSONReader) throws(JSONError)") {
        $0.line("place = try self.read(&reader)")
      }
      source.line()
      if !self.fields.isEmpty {
        self.emitMemberTables(&source)
        source.line()
      }
      self.emitWriter(&source, name: "write", fields: self.fields, isCanonical: false)
      if self.isRequest {
        source.line()
        source.doc("As ``write(_:)``, in the order of RFC 8785 and without null members: for digests.")
        let sorted = self.fields.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
        self.emitWriter(&source, name: "writeCanonical", fields: sorted, isCanonical: true)
        source.line()
        source.doc("SHA-256 over the canonical form, as `sha256:` and hexadecimal digits.")
        source.block("package var digest: String") { $0.line("self.digestSum.text") }
        source.line()
        source.block("package var digestSum: SHA256Sum") { $0.line("SHA256Sum { self.writeCanonical(&$0) }") }
      }
    }
    if MaskEmitter.isNeeded(for: self.type.name, in: self.contract) {
      source.line()
      MaskEmitter(contract: self.contract, type: self.type).emit(&source)
    }
    if self.contract.closure(of: "CaseRecord").contains(where: { $0.name == self.type.name }) {
      source.line()
      MemberTakingEmitter(contract: self.contract, type: self.type).emit(&source)
    }
    return source.text
  }

  // MARK: - The struct

  private func emitStruct(_ source: inout SourceText) {
    source.doc(self.type.doc)
    source.block("public struct \(self.type.name): WireMessage, Equatable") { source in
      for field in self.fields {
        source.doc(field.doc)
        source.line("public var \(SwiftName.member(field.name)): \(self.swiftType(field))")
      }
      if !self.fields.isEmpty { source.line() }
      let parameters = self.fields.map { "\($0.name): \(self.swiftType($0))\($0.isOptional ? " = nil" : "")" }
      source.block("public init(\(parameters.joined(separator: ", ")))") { source in
        for field in self.fields { source.line("self.\(field.name) = \(SwiftName.member(field.name))") }
      }
      source.line()
      source.block("public static func decode(_ buffer: ByteBuffer) throws(Status) -> \(self.type.name)") {
        $0.line("try JSONCoding.decode(buffer, as: .\(self.isRequest ? "request" : "response"), \(self.type.name).read)")
      }
      source.line()
      source.block("public func encode(into buffer: inout ByteBuffer)") {
        $0.line("JSONWriter.append(to: &buffer) { self.write(&$0) }")
      }
    }
  }

  private func swiftType(_ field: SchemaType.Field) -> String {
    self.swiftType(field.type) + (field.isOptional ? "?" : "")
  }

  private func swiftType(_ type: SchemaType.FieldType) -> String {
    switch type {
    case .bool: "Bool"
    case .integer: "Int"
    case .string: "String"
    case .list(let element, _, _): "[\(self.swiftType(element))]"
    case .map(let value): "[String: \(self.swiftType(value))]"
    case .named(let name):
      switch self.contract.type(name)?.body {
      case .scalar: "String"
      case .external(let swiftName): swiftName
      default: name
      }
    }
  }

  private func placeholder(_ type: SchemaType.FieldType) -> String {
    switch type {
    case .bool: "false"
    case .integer: "0"
    case .string: "\"\""
    case .list: "[]"
    case .map: "[:]"
    case .named(let name):
      if case .scalar = self.contract.type(name)?.body { "\"\"" } else { ".placeholder" }
    }
  }

  private func emitPlaceholder(_ source: inout SourceText) {
    let required = self.fields.filter { !$0.isOptional }
    source.doc("Stands for a message that could not be read, until its faults are thrown.")
    source.block("static var placeholder: \(self.type.name)") {
      $0.line("\(self.type.name)(\(required.map { "\($0.name): \(self.placeholder($0.type))" }.joined(separator: ", ")))")
    }
  }

  // MARK: - Reading

  private func emitReader(_ source: inout SourceText) {
    source.block("package static func read(_ reader: inout JSONReader) throws(JSONError) -> \(self.type.name)") { source in
      for field in self.fields {
        if self.isText(field.type) {
          source.line("var \(SwiftName.local(field.name)): ScannedString?")
          continue
        }
        let optional = field.isOptional || self.isMessage(field.type)
        source.line(
          "var \(SwiftName.local(field.name)): \(self.swiftType(field.type))\(optional ? "?" : " = \(self.placeholder(field.type))")")
      }
      source.line("\(self.fields.isEmpty ? "let" : "var") seen: UInt64 = 0")
      let required = self.fields.indices.filter { self.fields[$0].isRequired }
      if !required.isEmpty { source.line("let start = reader.valueOffset") }
      source.line("let entry = try reader.enterObject()")
      source.block("if entry == .nonEmpty") { source in
        source.line("var unknown = JSONNameSet()")
        if self.fields.isEmpty {
          source.line("repeat { try reader.skipMember(reader.readKey(), names: &unknown) } while try reader.nextMember()")
        } else {
          source.line("var next = 0")
          source.block("repeat", closing: "} while try reader.nextMember()") { self.emitMember(&$0) }
        }
      }
      if !required.isEmpty {
        let mask = required.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        source.block("if entry != .wrongType, seen & \(mask) != \(mask)") { source in
          for index in required {
            source.line("if seen & \(UInt64(1) << UInt64(index)) == 0 { reader.noteMissing(\"\(self.fields[index].name)\", at: start) }")
          }
        }
      } else if self.fields.isEmpty {
        source.line("_ = seen")
      }
      let arguments = self.fields.map { field in
        let value = SwiftName.local(field.name)
        if self.isText(field.type) { return "\(field.name): \(value)?.string\(field.isOptional ? "" : " ?? \"\"")" }
        return "\(field.name): \(value)\(!field.isOptional && self.isMessage(field.type) ? " ?? .placeholder" : "")"
      }
      source.line("return \(self.type.name)(\(arguments.joined(separator: ", ")))")
    }
  }

  private func emitMember(_ source: inout SourceText) {
    source.line("let offset = reader.valueOffset")
    source.line("var member = self.takeExpected(&reader, from: next)")
    source.block("if member < 0") { source in
      source.line("let key = try reader.readKey()")
      source.line("member = self.member(key)")
      source.block("if member < 0") { source in
        source.line("try reader.skipMember(key, names: &unknown)")
        source.line("continue")
      }
    }
    source.line("try reader.markSeen(member, in: &seen, at: offset)")
    source.line("next = member + 1")
    source.block("switch member") { source in
      for (index, field) in self.fields.enumerated() {
        let assignment = self.readStatement(field)
        let label = index == self.fields.count - 1 ? "default" : "case \(index)"
        source.line("\(label): \(field.isOptional ? "if try !reader.readNull() { \(assignment) }" : assignment)")
      }
    }
  }

  /// Which member comes next: first those that follow the last one are tried, in their order.
  private func emitMemberTables(_ source: inout SourceText) {
    source.doc("The member that comes next if it is one from `next` on, past its name; else -1.")
    source.line("@inline(__always)")
    source.block("static func takeExpected(_ reader: inout JSONReader, from next: Int) -> Int") { source in
      source.line("let word = reader.peekWord()")
      source.block("switch next") { source in
        for (index, field) in self.fields.enumerated() {
          source.line("case \(index):")
          if let take = TokenMatch.take(field.name) { source.line("  if reader.\(take) { return \(index) }") }
          source.line("  fallthrough")
        }
        source.line("default: return -1")
      }
    }
    source.line()
    source.doc("The member of a name; -1 where there is none.")
    source.block("static func member(_ key: JSONToken) -> Int") { source in
      source.block("switch key.head") { source in
        for (index, field) in self.fields.enumerated() {
          source.line("case \(TokenMatch.head(of: field.name)) where \(TokenMatch.condition(field.name, token: "key")): \(index)")
        }
        source.line("default: -1")
      }
    }
  }

  private func readStatement(_ field: SchemaType.Field) -> String {
    if case .named(let name) = field.type, case .message = self.contract.type(name)?.body {
      return "try \(name).read(into: &\(SwiftName.local(field.name)), &reader)"
    }
    return "\(SwiftName.local(field.name)) = \(self.readExpression(field.type))"
  }

  private func readExpression(_ type: SchemaType.FieldType) -> String {
    switch type {
    case .bool: return "try reader.readBool()"
    case .integer(nil, nil): return "try Int(reader.readInteger())"
    case .integer(let minimum, let maximum):
      let lower = minimum.map(String.init) ?? "Int64.min"
      let upper = maximum.map(String.init) ?? "Int64.max"
      return "try Int(reader.readInteger(in: \(lower)...\(upper)))"
    case .string(nil, nil): return "try reader.scanText()"
    case .string(let minimum, let maximum):
      return "try reader.scanText(length: \(minimum ?? 0)...\(maximum.map(String.init) ?? "Int.max"))"
    case .list(let element, let minimum, let maximum):
      let bounds = minimum == nil && maximum == nil ? "" : "(count: \(minimum ?? 0)...\(maximum.map(String.init) ?? "Int.max"))"
      let read = self.isText(element) ? "(\(self.readExpression(element)))?.string ?? \"\"" : self.readExpression(element)
      return "try reader.readArray\(bounds) { reader throws(JSONError) in \(read) }"
    case .map(let value):
      return "try reader.readMap { reader throws(JSONError) in \(self.readExpression(value)) }"
    case .named(let name):
      switch self.contract.type(name)?.body {
      case .scalar(let pattern, let shape):
        return "try reader.scanText(\(OrderedJSON.quote(shape))) { $0.\(Shape.matcher(of: pattern) ?? "") }"
      case .external(let swiftName): return "try \(swiftName).read(&reader)"
      default: return "try \(name).read(&reader)"
      }
    }
  }

  /// True for strings: the reader holds their places until the message is whole, and builds them then.
  private func isText(_ type: SchemaType.FieldType) -> Bool {
    switch type {
    case .string: return true
    case .named(let name):
      if case .scalar = self.contract.type(name)?.body { return true } else { return false }
    default: return false
    }
  }

  private func isMessage(_ type: SchemaType.FieldType) -> Bool {
    guard case .named(let name) = type else { return false }
    switch self.contract.type(name)?.body {
    case .message, .external: return true
    default: return false
    }
  }

  // MARK: - Writing

  private func emitWriter(_ source: inout SourceText, name: String, fields: [SchemaType.Field], isCanonical: Bool) {
    source.block("package func \(name)(_ writer: inout JSONWriter)") { source in
      source.line("let start = writer.position")
      for field in fields { self.emitWrite(&source, field, isCanonical: isCanonical) }
      source.line("writer.closeObject(since: start)")
    }
  }

  private func emitWrite(_ source: inout SourceText, _ field: SchemaType.Field, isCanonical: Bool) {
    let member = "self.\(field.name)"
    let key = "writer.raw(\",\\\"\(field.name)\\\":\")"
    guard field.isOptional else {
      source.line(key)
      self.emitValue(&source, field.type, member, isCanonical: isCanonical)
      return
    }
    let writesNull = field.isRequired && !isCanonical
    source.block("if let value = \(member)", closing: writesNull ? "} else {" : "}") { source in
      source.line(key)
      self.emitValue(&source, field.type, "value", isCanonical: isCanonical)
    }
    if writesNull {
      source.line("  writer.raw(\",\\\"\(field.name)\\\":null\")")
      source.line("}")
    }
  }

  private func emitValue(_ source: inout SourceText, _ type: SchemaType.FieldType, _ value: String, isCanonical: Bool) {
    switch type {
    case .bool: source.line("writer.bool(\(value))")
    case .integer: source.line("writer.integer(Int64(\(value)))")
    case .string: source.line("writer.string(\(value))")
    case .list(let element, _, _):
      source.block("do") { source in
        source.line("let start = writer.position")
        source.block("for index in \(value).indices") { source in
          source.line("writer.comma()")
          self.emitValue(&source, element, "\(value)[index]", isCanonical: isCanonical)
        }
        source.line("writer.closeArray(since: start)")
      }
    case .map(let element):
      source.block("writer.map(\(value))", closing: "}") { source in
        source.line("(element, writer: inout JSONWriter) in")
        self.emitValue(&source, element, "element", isCanonical: isCanonical)
      }
    case .named(let name):
      switch self.contract.type(name)?.body {
      case .scalar: source.line("writer.string(\(value))")
      case .message where isCanonical: source.line("\(value).writeCanonical(&writer)")
      default: source.line("\(value).write(&writer)")
      }
    }
  }
}
