// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Rows of comma-separated values, by RFC 4180 but for the line's end, which is that of every other text here.
package enum CSV {
  package static func line(_ values: [String?]) -> String {
    values.map { Self.field($0 ?? "") }.joined(separator: ",")
  }

  /// A field, quoted where it must be: one that holds a comma, a quote or a line's end, or begins or ends with a space.
  package static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r")
    }
    guard !isPlain || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
