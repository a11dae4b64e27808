// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import GRDB

extension SQLiteReading {
  /// Hits looked at; what a short prefix finds beyond them is said to be more.
  private static let looked = 400

  func search(_ words: String, limit: Int, scope: Scope, numbers: Set<String>?) throws(RegisterError) -> SearchResult {
    try registerErrors {
      let limit = max(1, min(limit, 100))
      var cases: [StoredCase] = []
      var seen: Set<Int64> = []
      func take(_ id: Int64, in offices: Set<String>? = nil) throws {
        guard seen.insert(id).inserted, let row = try db.first(CaseRow.byID, [.int(id)], { try CaseRow($0) }),
          scope.admits(office: row.stored.office, sealed: row.stored.chain.sealed), offices?.contains(row.stored.office) ?? true
        else { return }
        cases.append(row.stored)
      }

      // What begins with a reference, as it was typed or in capitals.
      let typed = words.split(separator: " ").joined(separator: " ")
      if isReference(typed) {
        for prefix in Set([typed, typed.uppercased()]).sorted() where cases.count <= limit {
          // No letter of a reference comes after this one.
          let ids = try db.all(
            "SELECT id FROM cases WHERE reference >= ? AND reference < ? ORDER BY reference LIMIT ?",
            [.text(prefix), .text(prefix + "\u{7F}"), .of(SQLiteReading.looked)]
          ) { $0.int64(0) }
          for id in ids where cases.count <= limit { try take(id) }
        }
      }

      let folded = NameFolding.words(words).prefix(8)
      // Who is not shown a number must not read it out digit by digit. Digits stand in no name: what they find, they find by the number.
      let offices = folded.contains(where: SQLiteReading.isPartOfNumber) ? numbers : nil
      var more = false
      if !folded.isEmpty, offices?.isEmpty != true {
        // Whole words before beginnings of words.
        for star in ["", "*"] where cases.count <= limit {
          let match = folded.map { "\"\($0)\"\(star)" }.joined(separator: " AND ")
          let ids = try db.all(
            "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?", [.text(match), .of(SQLiteReading.looked)]
          ) { $0.int64(0) }
          more = ids.count == SQLiteReading.looked && offices == nil
          for id in ids where cases.count <= limit { try take(id, in: offices) }
        }
      }
      return SearchResult(cases: Array(cases.prefix(limit)), truncated: cases.count > limit || more)
    }
  }

  /// Holds digits, but not the twelve of a whole number.
  private static func isPartOfNumber(_ word: String) -> Bool {
    let digits = word.utf8.count { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    return digits > 0 && !(digits == 12 && word.utf8.count == 12)
  }

  private func isReference(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
