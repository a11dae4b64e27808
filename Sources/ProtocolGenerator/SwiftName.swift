// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Names of the contract as Swift writes them.
enum SwiftName {
  /// Words of Swift that the contract uses as names.
  private static let keywords: Set<String> = ["as", "case", "default", "false", "import", "in", "internal", "is", "return", "true"]

  /// A member of a message, or a method of a service.
  static func member(_ name: String) -> String {
    Self.keywords.contains(name) ? "`\(name)`" : name
  }

  /// A member while its message is read: none of the names that a reader has for itself.
  static func local(_ name: String) -> String {
    ["entry", "member", "next", "offset", "reader", "seen", "start", "unknown"].contains(name) ? name + "Value" : Self.member(name)
  }

  /// A word: `lower_snake_case` and `UPPER_SNAKE_CASE` become lowerCamelCase. `none` would hide in an optional.
  static func enumCase(_ word: String) -> String {
    if word == "none" { return "nothing" }
    let parts = word.lowercased().split(separator: "_")
    let name = parts.enumerated().map { $0.offset == 0 ? String($0.element) : Self.capitalised($0.element) }.joined()
    return Self.member(name)
  }

  static func lowerCamel(_ name: String) -> String {
    name.prefix(1).lowercased() + name.dropFirst()
  }

  static func capitalised(_ name: some StringProtocol) -> String {
    name.prefix(1).uppercased() + name.dropFirst()
  }
}
