// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A page as asked for: how many rows, and after which. The token carries the last row's key and a mark of the query it belongs to.
struct PageToken {
  var size: Int
  /// Empty on the first page.
  var key: [StoredJSON]
  private var mark: Int64

  static let largest = 1000

  init(_ page: PageRequest, query: String) throws(RegisterError) {
    size = max(1, min(page.size, PageToken.largest))
    mark = Int64(bitPattern: hashed(query))
    guard let token = page.token else {
      key = []
      return
    }
    guard let bytes = unhex(token), case .array(let parts)? = StoredJSON(bytes), parts.count > 1, parts[0].int == mark else {
      throw .invalid(field: "pageToken", problem: "is not a token of this query; leave it out to begin anew")
    }
    key = Array(parts.dropFirst())
  }

  /// A page from one row more than asked for.
  func page<Item>(_ rows: [Item], key: (Item) -> [StoredJSON]) -> Page<Item> {
    guard rows.count > size, let last = rows.prefix(size).last else { return Page(items: rows, nextToken: nil) }
    let token = StoredJSON.array([.int(mark)] + key(last)).text
    return Page(items: Array(rows.prefix(size)), nextToken: hex(Array(token.utf8)))
  }
}

/// FNV-1a: the same in every run, which Swift's own hashes are not.
private func hashed(_ text: String) -> UInt64 {
  text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}

func fingerprint(_ values: [SQLValue]) -> String {
  values.map { value in
    switch value {
    case .null: "-"
    case .int(let number): String(number)
    case .text(let text): "'\(text)'"
    case .blob(let bytes): hex(bytes)
    }
  }.joined(separator: ",")
}

/// Words for `instr`: each between line ends; nil stands for all.
func lines(_ words: (some Collection<String>)?) -> String? {
  guard let words else { return nil }
  return "\n" + words.sorted().joined(separator: "\n") + "\n"
}

/// Of a filter's list, where an empty one means all.
func lines(_ words: [String]) -> String? { words.isEmpty ? nil : "\n" + words.sorted().joined(separator: "\n") + "\n" }
