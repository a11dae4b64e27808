// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// Whether a value is what a vector expects.
enum Pattern {
  /// Where and how `value` differs from `pattern`; nil if it matches.
  static func mismatch(_ pattern: JSONValue, _ value: JSONValue, at place: String = "") -> String? {
    guard case .object(let members) = pattern else {
      if case .array(let patterns) = pattern { return self.mismatch(elements: patterns, value, at: place) }
      return pattern == value ? nil : self.difference(pattern, value, place)
    }
    if members.count == 1, members[0].name.hasPrefix("$") { return self.mismatch(rule: members[0], value, at: place) }
    guard case .object(let actual) = value else { return self.difference(pattern, value, place) }
    let isOpen = members.contains { $0.name == "..." }
    let expected = members.filter { $0.name != "..." }
    for member in expected {
      guard let found = value[member.name] else { return "\(place)/\(member.name) is missing in \(value.compact.prefix(400))" }
      if let mismatch = self.mismatch(member.value, found, at: place + "/" + member.name) { return mismatch }
    }
    if !isOpen, let extra = actual.first(where: { member in !expected.contains { $0.name == member.name } }) {
      return "\(place)/\(extra.name) is not expected, and is \(extra.value.compact.prefix(400))"
    }
    return nil
  }

  private static func mismatch(elements patterns: [JSONValue], _ value: JSONValue, at place: String) -> String? {
    guard let elements = value.elements, elements.count == patterns.count else { return self.difference(.array(patterns), value, place) }
    for (index, pattern) in patterns.enumerated() {
      if let mismatch = self.mismatch(pattern, elements[index], at: "\(place)/\(index)") { return mismatch }
    }
    return nil
  }

  private static func mismatch(rule: JSONValue.Member, _ value: JSONValue, at place: String) -> String? {
    let holds: Bool
    switch rule.name {
    case "$any": holds = true
    case "$type":
      switch (rule.value.text, value) {
      case ("string", .string(let text)): holds = !text.isEmpty
      case ("integer", .number): holds = value.integer != nil
      case ("object", .object), ("array", .array), ("boolean", .bool): holds = true
      default: holds = false
      }
    case "$atLeast": holds = rule.value.integer.flatMap { least in value.integer.map { $0 >= least } } ?? false
    case "$startsWith": holds = rule.value.text.flatMap { start in value.text.map { $0.hasPrefix(start) } } ?? false
    case "$length": holds = rule.value.integer == value.elements.map { Int64($0.count) }
    case "$each":
      guard let elements = value.elements else { return self.difference(.object([rule]), value, place) }
      for (index, element) in elements.enumerated() {
        if let mismatch = self.mismatch(rule.value, element, at: "\(place)/\(index)") { return mismatch }
      }
      holds = true
    case "$has":
      let elements = value.elements ?? []
      for pattern in rule.value.elements ?? [] where !elements.contains(where: { self.mismatch(pattern, $0) == nil }) {
        return "\(place) has no \(pattern.compact) in \(value.compact.prefix(1000))"
      }
      holds = value.elements != nil
    default: return "\(place): \(rule.name) is no pattern"
    }
    return holds ? nil : self.difference(.object([rule]), value, place)
  }

  private static func difference(_ pattern: JSONValue, _ value: JSONValue, _ place: String) -> String {
    "\(place.isEmpty ? "the value" : place) is \(value.compact.prefix(600)), expected \(pattern.compact.prefix(600))"
  }
}
