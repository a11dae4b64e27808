// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import CSystemd
internal import Glibc

/// One entry of the journal: fields in order, the same name as often as there are values.
package struct JournalEntry: Sendable, Hashable {
  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var fields: [Field]

  package init(_ fields: [Field]) { self.fields = fields }

  /// Hands the entry to the journal.
  ///
  /// - Returns: 0, or an errno. 0 does not prove that anybody has listened.
  @discardableResult
  package func send() -> Int32 {
    // The name, "=" and the value in one piece of memory a field; a value may hold anything, line breaks too.
    let lines = fields.map { Array("\($0.name)=\($0.value)".utf8) }
    let offsets = lines.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    var bytes = Array(lines.joined())
    return bytes.withUnsafeMutableBytes { memory -> Int32 in
      guard let base = memory.baseAddress else { return 0 }
      let vectors = lines.indices.map { iovec(iov_base: base + offsets[$0], iov_len: lines[$0].count) }
      return -amnesty_journal_sendv(vectors, Int32(vectors.count))
    }
  }

  /// A field's name from a dotted or camel-cased one: `peer.uid` under `AMNESTY` is `AMNESTY_PEER_UID`.
  ///
  /// The journal takes 64 characters of A-Z, 0-9 and `_`, and keeps names that begin with `_` to itself.
  package static func fieldName(prefix: String, _ key: String) -> String {
    var name = prefix + "_"
    var wasLower = false
    for byte in key.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        name.unicodeScalars.append(Unicode.Scalar(byte - 32))
        wasLower = true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        if wasLower { name += "_" }
        name.unicodeScalars.append(Unicode.Scalar(byte))
        wasLower = false
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
        wasLower = true
      default:
        name += "_"
        wasLower = false
      }
    }
    return String(name.prefix(64))
  }
}
