// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes what takes single members of one message into another, as the mask of an update names them.
struct MemberTakingEmitter {
  var contract: Contract
  var type: SchemaType

  func emit(_ source: inout SourceText) {
    source.block("extension \(self.type.name)") { source in
      source.doc("Takes the member that the tokens of a JSON Pointer name from `other`; false where they name none.")
      source.block("package mutating func take(_ path: ArraySlice<String>, from other: \(self.type.name)) -> Bool") { source in
        source.line("guard let name = path.first else { return false }")
        let usesRest = self.type.fields.contains { self.isDeep($0.type) }
        source.line("\(usesRest ? "let rest = path.dropFirst()" : "guard path.count == 1 else { return false }")")
        source.block("switch name") { source in
          for field in self.type.fields { self.emit(field, usesRest: usesRest, &source) }
          source.line("default: return false")
        }
        source.line("return true")
      }
    }
  }

  private func emit(_ field: SchemaType.Field, usesRest: Bool, _ source: inout SourceText) {
    let member = "self.\(field.name)"
    let other = "other.\(field.name)"
    guard self.isDeep(field.type) else {
      source.line("case \"\(field.name)\"\(usesRest ? " where rest.isEmpty" : ""): \(member) = \(other)")
      return
    }
    source.line("case \"\(field.name)\" where rest.isEmpty: \(member) = \(other)")
    source.line("case \"\(field.name)\":")
    switch field.type {
    case .named where field.isOptional:
      source.line("  var inner = \(member) ?? .placeholder")
      source.line("  guard inner.take(rest, from: \(other) ?? .placeholder) else { return false }")
      source.line("  \(member) = inner")
    case .named:
      source.line("  return \(member).take(rest, from: \(other))")
    case .list:
      let guarded = "\(member).indices.contains(index), \(other).indices.contains(index)"
      source.line("  guard let index = rest.first.flatMap({ Int($0) }), \(guarded) else { return false }")
      source.line("  guard rest.count > 1 else {")
      source.line("    \(member)[index] = \(other)[index]")
      source.line("    return true")
      source.line("  }")
      source.line("  return \(member)[index].take(rest.dropFirst(), from: \(other)[index])")
    case .map:
      source.line("  guard let key = rest.first, rest.count == 1 else { return false }")
      if field.isOptional {
        source.line("  var values = \(member) ?? [:]")
        source.line("  values[key] = \(other)?[key]")
        source.line("  \(member) = values")
      } else {
        source.line("  \(member)[key] = \(other)[key]")
      }
    default: break
    }
  }

  /// Whether a pointer can go on below a member of the type.
  private func isDeep(_ type: SchemaType.FieldType) -> Bool {
    switch type {
    case .named(let name), .list(.named(let name), _, _):
      if case .message = self.contract.type(name)?.body { true } else { false }
    case .map: true
    default: false
    }
  }
}
