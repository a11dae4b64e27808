// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Crypto

extension AuditEntry {
  /// What stands before the first entry.
  package static let origin = [UInt8](repeating: 0, count: 32)

  /// The entry after one.
  package static func following(sequence: Int64, hash: [UInt8], _ note: AuditNote) -> AuditEntry {
    var entry = AuditEntry(sequence: sequence + 1, note: note, previous: hash, hash: [])
    entry.hash = entry.computedHash
    return entry
  }

  /// What the hash is taken of: one line of JSON with its members in this order, always the same bytes for the same entry.
  var hashed: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(512)
    func member(_ name: StaticString, _ value: String?) {
      guard let value else { return }
      name.withUTF8Buffer { out.append(contentsOf: $0) }
      StoredJSON.write(value, to: &out)
    }
    out.append(contentsOf: "{\"sequence\":".utf8)
    out.append(contentsOf: String(sequence).utf8)
    member(",\"kind\":", note.kind.rawValue)
    member(",\"at\":", note.at.text)
    if let author = note.author {
      member(",\"person\":", author.person)
      member(",\"principal\":", author.principal)
      member(",\"actor\":", author.actor)
      member(",\"role\":", author.role.rawValue)
      member(",\"office\":", author.office)
    }
    member(",\"method\":", note.method)
    member(",\"subject\":", note.subject)
    if !note.details.isEmpty {
      out.append(contentsOf: ",\"details\":".utf8)
      note.details.stored.write(to: &out)
    }
    member(",\"previous\":", hex(previous))
    return out
  }

  package var computedHash: [UInt8] {
    var bytes = hashed
    bytes.append(UInt8(ascii: "}"))
    return Array(SHA256.hash(data: bytes))
  }

  /// The entry as a line of an export, without the line's end: what was hashed, and the hash.
  package var line: [UInt8] {
    var out = hashed
    out.append(contentsOf: ",\"hash\":\"".utf8)
    out.append(contentsOf: hex(hash).utf8)
    out.append(contentsOf: "\"}".utf8)
    return out
  }

  /// Reads a line of an export; nil where it is none.
  package init?(line: some Sequence<UInt8>) {
    guard let value = StoredJSON(line), let sequence = value["sequence"].int, let kind = value["kind"].string.flatMap(AuditKind.init),
      let at = value["at"].string.flatMap(Instant.init(text:)), let method = value["method"].string,
      let previous = value["previous"].string.flatMap(unhex), let hash = value["hash"].string.flatMap(unhex),
      let details = [Link.Detail](value["details"])
    else { return nil }
    var author: Author?
    if let person = value["person"].string {
      guard let principal = value["principal"].string, let role = value["role"].string.flatMap(CaseRole.init),
        let office = value["office"].string
      else { return nil }
      author = Author(person: person, principal: principal, actor: value["actor"].string, role: role, office: office)
    }
    self.init(
      sequence: sequence,
      note: AuditNote(kind: kind, at: at, author: author, method: method, subject: value["subject"].string, details: details),
      previous: previous, hash: hash)
  }
}

extension Link {
  /// Covered by the audit entry of its command, so that a link that is changed later does not go unnoticed.
  func digest(of reference: String) -> String {
    let value = StoredJSON.fields([
      ("reference", .string(reference)), ("number", .int(Int64(number))), ("kind", .string(kind.rawValue)), ("at", .int(at.milliseconds)),
      ("on", .string(on.text)), ("person", .string(author.person)), ("principal", .string(author.principal)),
      ("actor", .optional(author.actor)), ("role", .string(author.role.rawValue)), ("office", .string(author.office)),
      ("from", .optional(from?.rawValue)), ("to", .string(to.rawValue)), ("assessment", assessment.map { .int(Int64($0)) } ?? .null),
      ("act", .optional(actDigest)), ("facts", .string(factsDigest)), ("reason", .optional(reason)), ("departs", .bool(departs)),
      ("details", details.stored),
    ])
    var out: [UInt8] = []
    out.reserveCapacity(512)
    value.write(to: &out)
    return "sha256:" + hex(Array(SHA256.hash(data: out)))
  }
}

package func hex(_ bytes: [UInt8]) -> String {
  String(unsafeUninitializedCapacity: bytes.count * 2) { out in
    for (i, byte) in bytes.enumerated() {
      out[2 * i] = StoredJSON.hexDigit(byte >> 4)
      out[2 * i + 1] = StoredJSON.hexDigit(byte & 15)
    }
    return bytes.count * 2
  }
}

package func unhex(_ text: String) -> [UInt8]? {
  var out: [UInt8] = []
  var high: UInt8?
  for byte in text.utf8 {
    let digit: UInt8
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
    default: return nil
    }
    if let first = high {
      out.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return high == nil ? out : nil
}
