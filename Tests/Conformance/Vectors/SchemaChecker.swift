// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// Checks a value against the part of JSON Schema that `vector.schema.json` uses.
struct SchemaChecker {
  let root: JSONValue

  /// Where `value` does not fit the schema; nil if it does.
  func fault(_ value: JSONValue) -> String? {
    self.fault(value, self.root, "")
  }

  private func fault(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> String? {
    for keyword in schema.members ?? [] {
      if let fault = self.fault(value, schema, keyword, place) { return fault }
    }
    return nil
  }

  private func fault(_ value: JSONValue, _ schema: JSONValue, _ keyword: JSONValue.Member, _ place: String) -> String? {
    switch keyword.name {
    case "$schema", "$id", "$defs", "title", "description": return nil
    case "$ref":
      guard let name = keyword.value.text?.split(separator: "/").last, let target = self.root["$defs"]?[String(name)] else {
        return "\(place): \(keyword.value.compact) leads nowhere"
      }
      return self.fault(value, target, place)
    case "type":
      let types = keyword.value.elements ?? [keyword.value]
      return types.contains { Self.isOf(type: $0.text ?? "", value) } ? nil : "\(place) is not of type \(keyword.value.compact)"
    case "const": return value == keyword.value ? nil : "\(place) is not \(keyword.value.compact)"
    case "enum": return keyword.value.elements?.contains(value) ?? false ? nil : "\(place) is none of \(keyword.value.compact)"
    case "minLength": return value.text.map { Int64($0.count) >= keyword.value.integer ?? 0 } ?? true ? nil : "\(place) is too short"
    case "minItems": return value.elements.map { Int64($0.count) >= keyword.value.integer ?? 0 } ?? true ? nil : "\(place) has too few"
    case "minimum": return value.integer.map { $0 >= keyword.value.integer ?? 0 } ?? true ? nil : "\(place) is too small"
    case "required":
      let missing = keyword.value.elements?.compactMap(\.text).first { value.members != nil && value[$0] == nil }
      return missing.map { "\(place) lacks \($0)" }
    case "properties":
      for member in value.members ?? [] {
        guard let property = keyword.value[member.name] else { continue }
        if let fault = self.fault(member.value, property, "\(place)/\(member.name)") { return fault }
      }
      return nil
    case "additionalProperties":
      let extra = value.members?.first { schema["properties"]?[$0.name] == nil }
      return extra.map { "\(place)/\($0.name) is not known" }
    case "items":
      for (index, element) in (value.elements ?? []).enumerated() {
        if let fault = self.fault(element, keyword.value, "\(place)/\(index)") { return fault }
      }
      return nil
    case "oneOf":
      let faults = (keyword.value.elements ?? []).map { self.fault(value, $0, place) }
      let fitting = faults.filter { $0 == nil }.count
      return fitting == 1 ? nil : "\(place) fits \(fitting) of the schemas it should fit one of: \(faults.compactMap(\.self))"
    default: return "the schema has \(keyword.name), which this checker does not know"
    }
  }

  private static func isOf(type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null): true
    case ("integer", .number): value.integer != nil
    default: false
    }
  }
}
