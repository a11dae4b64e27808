// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes the scan of a request message: its values as places in the message's bytes, read without a string or an object being made.
///
/// It reads the usual spelling of a message only and gives up on everything else, faults above all: then the reader of the message is asked.
struct ScanEmitter {
  var contract: Contract
  var type: SchemaType

  private var fields: [SchemaType.Field] { self.type.fields }

  func emit() -> String {
    var source = SourceText()
    source.block("extension \(self.type.name)") { source in
      self.emitStruct(&source)
      source.line()
      self.emitScanner(&source)
    }
    source.line()
    source.block("extension \(self.type.name).Scan") { self.emitCanonicalWriter(&$0) }
    return source.text
  }

  // MARK: - The struct

  private func emitStruct(_ source: inout SourceText) {
    source.doc("The message as it stands in its bytes.")
    source.block("package struct Scan: Sendable") { source in
      source.doc("False where an optional member that holds this message is left out.")
      source.line("package var isPresent = false")
      for field in self.fields {
        source.line("package var \(SwiftName.member(field.name))\(self.declaration(field.type))")
      }
      source.line()
      source.line("package init() {}")
    }
  }

  private func declaration(_ type: SchemaType.FieldType) -> String {
    switch type {
    case .bool: ": Bool?"
    case .integer: ": Int64?"
    case .string: " = ScannedPlace()"
    case .map: " = ScannedList()"
    case .list(let element) where self.isMessage(element): ": [\(self.name(element)).Scan] = []"
    case .list(let element): self.isWords(element) ? " = ScannedWords()" : " = ScannedList()"
    case .named(let name):
      switch self.contract.type(name)?.body {
      case .message: " = \(name).Scan()"
      case .words: " = ScannedWord()"
      default: " = ScannedPlace()"
      }
    }
  }

  private func name(_ type: SchemaType.FieldType) -> String { type.reference ?? "" }

  private func isMessage(_ type: SchemaType.FieldType) -> Bool {
    if case .named(let name) = type, case .message = self.contract.type(name)?.body { true } else { false }
  }

  private func isWords(_ type: SchemaType.FieldType) -> Bool {
    if case .named(let name) = type, case .words = self.contract.type(name)?.body { true } else { false }
  }

  // MARK: - Reading

  private func emitScanner(_ source: inout SourceText) {
    source.doc("Throws, or notes a fault, where the message is not of the usual spelling.")
    source.line("@inline(never)")
    source.block("static func scan(into scan: inout Scan, _ reader: inout JSONReader) throws(JSONError)") { source in
      source.line("scan.isPresent = true")
      source.line("var seen: UInt64 = 0")
      source.block("if try reader.enterObject() == .nonEmpty") { source in
        source.line("var next = 0")
        source.block("repeat", closing: "} while try reader.nextMember()") { self.emitMember(&$0) }
      }
      let mask = self.fields.indices.filter { self.fields[$0].isRequired }.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
      if mask != 0 { source.line("if seen & \(mask) != \(mask) { throw reader.unusual }") }
    }
  }

  private func emitMember(_ source: inout SourceText) {
    source.line("let offset = reader.valueOffset")
    source.line("var member = self.takeExpected(&reader, from: next)")
    source.block("if member < 0") { source in
      source.line("member = try self.member(reader.readKey())")
      source.line("if member < 0 { throw reader.unusual }")
    }
    source.line("try reader.markSeen(member, in: &seen, at: offset)")
    source.line("next = member + 1")
    source.block("switch member") { source in
      for (index, field) in self.fields.enumerated() {
        let statement = self.statement(field)
        let label = index == self.fields.count - 1 ? "default" : "case \(index)"
        source.line("\(label): \(field.isOptional ? "if try !reader.readNull() { \(statement) }" : statement)")
      }
    }
  }

  private func statement(_ field: SchemaType.Field) -> String {
    let member = "scan.\(SwiftName.member(field.name))"
    switch field.type {
    case .bool: return "\(member) = try reader.readBool()"
    case .integer(nil, nil): return "\(member) = try reader.readInteger()"
    case .integer(let minimum, let maximum):
      return
        "\(member) = try reader.readInteger(in: \(minimum.map(String.init) ?? "Int64.min")...\(maximum.map(String.init) ?? "Int64.max"))"
    case .string(nil, nil): return "\(member) = try reader.scanPlace()"
    case .string(let minimum, let maximum):
      return "\(member) = try reader.scanPlace(length: \(minimum ?? 0)...\(maximum.map(String.init) ?? "Int.max"))"
    case .map: return "\(member) = try reader.scanEmptyObject()"
    case .list(let element) where self.isMessage(element):
      return "try reader.scanMessages(into: &\(member), \(self.name(element)).Scan(), \(self.name(element)).scan)"
    case .list(let element) where self.isWords(element):
      return "\(member) = try reader.scanWords(\(self.name(element)).index(of:))"
    case .list: return "\(member) = try reader.scanStrings()"
    case .named(let name):
      switch self.contract.type(name)?.body {
      case .message: return "try \(name).scan(into: &\(member), &reader)"
      case .words: return "\(member) = try reader.scanWord(\(name).index(of:))"
      case .scalar(let pattern, _): return "\(member) = try reader.scanPlace { $0.\(Shape.matcher(of: pattern) ?? "") }"
      default: return "throw reader.unusual"
      }
    }
  }

  // MARK: - Writing

  private func emitCanonicalWriter(_ source: inout SourceText) {
    source.doc("What `writeCanonical` of the message writes. `bytes`: those that were scanned.")
    source.block("package func writeCanonical(_ writer: inout JSONWriter, _ bytes: UnsafeRawBufferPointer)") { source in
      source.line("let start = writer.position")
      for field in self.fields.sorted(by: { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }) { self.emitWrite(&source, field) }
      source.line("writer.closeObject(since: start)")
    }
  }

  private func emitWrite(_ source: inout SourceText, _ field: SchemaType.Field) {
    let member = "self.\(field.name)"
    let key = "writer.raw(\",\\\"\(field.name)\\\":\")"
    switch field.type {
    case .bool: source.line("if let value = \(member) { \(key); writer.bool(value) }")
    case .integer: source.line("if let value = \(member) { \(key); writer.integer(value) }")
    case .list(let element) where self.isMessage(element):
      source.line(key)
      source.block("do") { source in
        source.line("let start = writer.position")
        source.block("for index in \(member).indices") { source in
          source.line("writer.comma()")
          source.line("\(member)[index].writeCanonical(&writer, bytes)")
        }
        source.line("writer.closeArray(since: start)")
      }
    case .named(let name):
      if case .message = self.contract.type(name)?.body {
        source.line("if \(member).isPresent { \(key); \(member).writeCanonical(&writer, bytes) }")
      } else {
        fallthrough
      }
    default: source.line("if \(member).isPresent { \(key); writer.copy(\(member), of: bytes) }")
    }
  }
}
