// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// Which texts the program uses: `Text.key(` and `Words.group(` in Swift, `text.key` in templates.
struct TextUse {
  private(set) var inCode: Set<String> = []
  private(set) var inTemplates: Set<String> = []
  private(set) var words: Set<String> = []

  init(root: URL) throws {
    for directory in ["Sources", "clients"] {
      let base = root.appending(path: directory)
      guard let paths = FileManager.default.enumerator(atPath: base.path()) else { continue }
      for case let path as String in paths where !path.hasPrefix("AmnestyTexts/") {
        if path.hasSuffix(".swift") {
          let source = try String(contentsOf: base.appending(path: path), encoding: .utf8)
          // No `\b`: to Unicode a full stop between letters is inside a word.
          self.inCode.formUnion(source.matches(of: /(?:^|[^A-Za-z0-9_])Text\.([a-z][A-Za-z0-9]*)/).map { String($0.1) })
          self.words.formUnion(source.matches(of: /(?:^|[^A-Za-z0-9_])Words\.([a-z][A-Za-z0-9]*)/).map { String($0.1) })
        } else if path.hasSuffix(".mustache") {
          let source = try String(contentsOf: base.appending(path: path), encoding: .utf8)
          self.inTemplates.formUnion(source.matches(of: /\{\{\{?[#^]?text\.([a-z][A-Za-z0-9]*)\}/).map { String($0.1) })
        }
      }
    }
  }
}
