// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package enum AuditKind: String, Sendable, Hashable, CaseIterable {
  case command, read, denied, start, stop, gap, checkpoint, restore
}

/// What goes into the audit log, before it has a place in the chain.
package struct AuditNote: Sendable, Hashable {
  package var kind: AuditKind
  package var at: Instant
  /// Nil for the daemon's own entries.
  package var author: Author?
  package var method: String
  /// A case's reference, or `sha256:…` of a query. Never the query itself.
  package var subject: String?
  /// No personal data.
  package var details: [Link.Detail]

  package init(kind: AuditKind, at: Instant, author: Author?, method: String, subject: String?, details: [Link.Detail] = []) {
    self.kind = kind
    self.at = at
    self.author = author
    self.method = method
    self.subject = subject
    self.details = details
  }
}

/// An entry of the log: `hash` covers all else and the hash before it.
package struct AuditEntry: Sendable, Hashable {
  /// From 1, without gaps.
  package var sequence: Int64
  package var note: AuditNote
  package var previous: [UInt8]
  package var hash: [UInt8]

  package init(sequence: Int64, note: AuditNote, previous: [UInt8], hash: [UInt8]) {
    self.sequence = sequence
    self.note = note
    self.previous = previous
    self.hash = hash
  }
}

/// What an Ed25519 key signed: so much was there, and it was this.
package struct AuditCheckpoint: Sendable, Hashable {
  package var register: String
  package var sequence: Int64
  package var hash: [UInt8]
  package var at: Instant
  package var publicKey: [UInt8]
  package var signature: [UInt8]

  package init(register: String, sequence: Int64, hash: [UInt8], at: Instant, publicKey: [UInt8], signature: [UInt8]) {
    self.register = register
    self.sequence = sequence
    self.hash = hash
    self.at = at
    self.publicKey = publicKey
    self.signature = signature
  }
}

/// What is wrong with an audit log, and where.
package struct AuditFault: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// The entry is not what its hash says.
    case changed
    /// The entry's hash is right, but it does not follow from the one before it.
    case unlinked
    /// Numbers are missing before this one.
    case missing
    /// The number stands where another belongs.
    case reordered
    /// The log ends before an entry that a checkpoint saw, or has another there.
    case truncated, rewritten
    case badSignature = "bad_signature"
    /// Not an entry at all.
    case unreadable
  }

  package var kind: Kind
  /// The first entry that is wrong.
  package var sequence: Int64

  package init(_ kind: Kind, at sequence: Int64) {
    self.kind = kind
    self.sequence = sequence
  }
}
