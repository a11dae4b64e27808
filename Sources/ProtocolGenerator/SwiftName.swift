// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Names of the contract as Swift writes them.
enum SwiftName {
  /// A member of a message.
  static func member(_ name: String) -> String {
    name == "default" ? "`default`" : name
  }

  /// A word: `lower_snake_case` and `UPPER_SNAKE_CASE` become lowerCamelCase. `none` would hide in an optional.
  static func enumCase(_ word: String) -> String {
    if word == "none" { return "nothing" }
    let parts = word.lowercased().split(separator: "_")
    let name = parts.enumerated().map { $0.offset == 0 ? String($0.element) : Self.capitalised($0.element) }.joined()
    return ["default", "internal", "true", "false", "case", "in", "is", "as"].contains(name) ? "`\(name)`" : name
  }

  static func lowerCamel(_ name: String) -> String {
    name.prefix(1).lowercased() + name.dropFirst()
  }

  static func capitalised(_ name: some StringProtocol) -> String {
    name.prefix(1).uppercased() + name.dropFirst()
  }
}
