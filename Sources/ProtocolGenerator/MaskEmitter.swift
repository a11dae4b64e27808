// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes what takes out of a message the members that a caller's roles do not show (`x-visible-to` of the schema).
struct MaskEmitter {
  var contract: Contract
  var type: SchemaType

  /// Whether anything in a message of this type can be masked.
  static func isNeeded(for name: String, in contract: Contract) -> Bool {
    contract.closure(of: name).contains { type in type.fields.contains { $0.visibleTo != nil } }
  }

  func emit(_ source: inout SourceText) {
    source.block("extension \(self.type.name)") { source in
      source.doc("Whether `roles` show every member, those of inner messages included.")
      source.block("package static func isWhole(for roles: Set<String>) -> Bool") { source in
        let sets = Set(self.contract.closure(of: self.type.name).flatMap(\.fields).compactMap(\.visibleTo)).sorted {
          $0.joined() < $1.joined()
        }
        source.line(sets.map { "!roles.isDisjoint(with: \(self.list($0)))" }.joined(separator: " && "))
      }
      source.line()
      source.doc("Takes out what none of `roles` shows, and adds the JSON Pointer of each member taken out to `masked`.")
      source.block("package mutating func mask(for roles: Set<String>, at path: String = \"\", into masked: inout [String])") { source in
        for field in self.type.fields { self.emit(field, &source) }
      }
    }
  }

  private func emit(_ field: SchemaType.Field, _ source: inout SourceText) {
    let member = "self.\(field.name)"
    if let visibleTo = field.visibleTo {
      source.block("if \(member) != nil, roles.isDisjoint(with: \(self.list(visibleTo)))") {
        $0.line("\(member) = nil")
        $0.line("masked.append(path + \"/\(field.name)\")")
      }
    }
    guard let inner = field.type.reference, Self.isNeeded(for: inner, in: self.contract) else { return }
    switch field.type {
    case .named:
      let access = field.isOptional ? "\(member)?" : member
      source.line("\(access).mask(for: roles, at: path + \"/\(field.name)\", into: &masked)")
    case .list:
      if field.isOptional {
        source.block("for index in (\(member) ?? []).indices") {
          $0.line("\(member)?[index].mask(for: roles, at: \"\\(path)/\(field.name)/\\(index)\", into: &masked)")
        }
      } else {
        source.block("for index in \(member).indices") {
          $0.line("\(member)[index].mask(for: roles, at: \"\\(path)/\(field.name)/\\(index)\", into: &masked)")
        }
      }
    default: break
    }
  }

  private func list(_ roles: [String]) -> String { "[\(roles.map { "\"\($0)\"" }.joined(separator: ", "))]" }
}
