// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// The record of a case as somebody registered or corrected it, with what the register filters and searches by. The record's own bytes mean
/// nothing here: the caller reads them once and says what stands in them.
package struct CaseRecord: Sendable, Hashable {
  /// RFC 8785 canonical JSON.
  package var bytes: [UInt8]
  /// `sha256:…` of those bytes.
  package var digest: String
  package var columns: CaseColumns
  package let names: [PersonName]
  /// The number as the record has it, valid or not: searched for.
  package let iin: String?
  /// What search finds it by. Folded here, where many work side by side, and not by the one writer.
  let words: String
  /// Whether the person objects to a termination, as the record states it; nil: not known.
  package let objects: Bool?
  /// Facts whose source is known. A correction names what it changed.
  package var sources: [FactSource]

  package init(
    bytes: [UInt8], digest: String, columns: CaseColumns, names: [PersonName], iin: String?, objects: Bool? = nil,
    sources: [FactSource] = []
  ) {
    self.bytes = bytes
    self.digest = digest
    self.columns = columns
    self.names = names
    self.iin = iin
    self.objects = objects
    self.sources = sources
    words = NameFolding.indexed(names, iin: iin)
  }
}

/// The words and numbers of a record that lists filter by.
package struct CaseColumns: Sendable, Hashable {
  package var stage: String?
  /// Nil: not known.
  package var detained: Bool?
  package var gravities: [String]
  package var articles: [String]
  /// Links the proceedings of one person: a valid IIN, and nothing weaker.
  package var personKey: String?

  package init(stage: String?, detained: Bool?, gravities: [String], articles: [String], personKey: String?) {
    self.stage = stage
    self.detained = detained
    self.gravities = gravities
    self.articles = articles
    self.personKey = personKey
  }
}

package struct PersonName: Sendable, Hashable {
  package var family: String?
  package var given: String?
  package var patronymic: String?

  package init(family: String?, given: String?, patronymic: String? = nil) {
    self.family = family
    self.given = given
    self.patronymic = patronymic
  }
}

/// Where a fact is known from: valid time beside the recorded time of the version that carries it.
package struct FactSource: Sendable, Hashable {
  /// JSON Pointer into the record.
  package var pointer: String
  package var source: String
  package var learntOn: Day?
  package var validFrom: Day?

  package init(pointer: String, source: String, learntOn: Day? = nil, validFrom: Day? = nil) {
    self.pointer = pointer
    self.source = source
    self.learntOn = learntOn
    self.validFrom = validFrom
  }
}

/// One version of a record. A correction appends; nothing is ever overwritten.
package struct RecordVersion: Sendable, Hashable {
  package var number: Int
  package var recordedAt: Instant
  package var author: Author
  package var bytes: [UInt8]
  package var digest: String
  /// Why it was corrected; nil for the first.
  package var reason: String?
  /// As stated with this version; facts that it did not change keep the source of an earlier one.
  package var sources: [FactSource]

  package init(
    number: Int, recordedAt: Instant, author: Author, bytes: [UInt8], digest: String, reason: String?, sources: [FactSource]
  ) {
    self.number = number
    self.recordedAt = recordedAt
    self.author = author
    self.bytes = bytes
    self.digest = digest
    self.reason = reason
    self.sources = sources
  }
}

/// The record of a case as it is now.
package struct CurrentRecord: Sendable {
  package var reference: String
  package var office: String
  package var personKey: String?
  /// RFC 8785 canonical JSON.
  package var bytes: [UInt8]
}
