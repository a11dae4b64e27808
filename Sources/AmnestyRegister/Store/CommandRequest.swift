// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A case that does not exist yet.
package struct NewCase: Sendable, Hashable {
  package var reference: String
  package var office: String
  package var record: CaseRecord

  package init(reference: String, office: String, record: CaseRecord) {
    self.reference = reference
    self.office = office
    self.record = record
  }
}

package enum RegisterCommand: Sendable, Hashable {
  case register(NewCase)
  case onCase(String, CaseCommand)
  case onNeed(String, NeedCommand)
  /// A further need of a released person; `responsible` nil: as the policy says.
  case addNeed(String, NeedKind, responsible: String?, note: String?)
  /// A subscribed register confirms that it was told.
  case acknowledge(propagation: Int64, subscriber: String)
}

/// All that comes with a command besides what it does.
package struct CommandRequest: Sendable {
  package var author: Author
  package var scope: Scope
  /// As the audit log names it: `amnesty.v1.CaseService/Propose`. Part of the key's scope.
  package var method: String
  package var key: String?
  /// SHA-256 of the canonical request; compared where the key was used before.
  package var digest: [UInt8]
  /// What the caller believes the resource to be; nil: does not care.
  package var etag: String?
  /// The caller's day, which deadlines and "in force" are measured by.
  package var day: Day
  /// Makes the answer that a repetition of the key gets too. It runs on the writer's thread within the transaction: bytes from values, nothing
  /// that waits. Masking for the present caller is done to what `perform` returns.
  package var answer: @Sendable (CommandEffect) -> [UInt8]

  package init(
    author: Author, scope: Scope, method: String, key: String? = nil, digest: [UInt8] = [], etag: String? = nil, day: Day,
    answer: @escaping @Sendable (CommandEffect) -> [UInt8]
  ) {
    self.author = author
    self.scope = scope
    self.method = method
    self.key = key
    self.digest = digest
    self.etag = etag
    self.day = day
    self.answer = answer
  }
}

package enum CommandEffect: Sendable, Hashable {
  case registered(StoredCase, Link)
  case changed(StoredCase, Link)
  case need(Need)
  case acknowledged(Propagation)
}

package struct CommandAnswer: Sendable, Hashable {
  package var bytes: [UInt8]
  /// The key was used before with the same request: this is the answer of then.
  package var replayed: Bool

  package init(bytes: [UInt8], replayed: Bool) {
    self.bytes = bytes
    self.replayed = replayed
  }
}

/// What to do where a reference is taken by another record.
package enum ImportMode: String, Sendable, Hashable, CaseIterable {
  /// Say so.
  case report
  /// Store it as a correction, as `update` would.
  case correct
}

package struct ImportRequest: Sendable, Hashable {
  package var author: Author
  package var scope: Scope
  package var method: String
  package var day: Day
  package var mode: ImportMode

  package init(author: Author, scope: Scope, method: String, day: Day, mode: ImportMode = .report) {
    self.author = author
    self.scope = scope
    self.method = method
    self.day = day
    self.mode = mode
  }
}

/// A row that repeats one already stored is `unchanged`, so an import can always be sent again from its beginning.
package enum ImportResult: Sendable, Hashable {
  case created(etag: String)
  case corrected(etag: String)
  case unchanged(etag: String)
  case failed(RegisterError)
}
