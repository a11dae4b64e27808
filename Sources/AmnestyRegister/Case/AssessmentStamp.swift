// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules
internal import Crypto

/// Measures the register treats in a way of their own; an act may declare others.
package enum Measure {
  package static let terminate = "terminate_proceedings"
  package static let release = "release_from_punishment"
  package static let removeConviction = "remove_conviction"
  package static let reduceTerm = "reduce_term"
  package static let reduceAtSentencing = "reduce_at_sentencing"
}

package enum AssessmentOutcome: String, Sendable, Hashable, CaseIterable {
  case eligible, partial, ineligible, undetermined, referred

  /// The six months of the act run for those it may cover.
  package var mayBeCovered: Bool { self != .ineligible }
}

package struct ActStamp: Sendable, Hashable {
  package var id: String
  package var version: String
  package var digest: String
  /// First day in force; nil where not known, and then nothing is decided under it.
  package var inForceFrom: Day?
  /// Last day on which the authorities are bound to execute it.
  package var executeThrough: Day?

  package init(id: String, version: String, digest: String, inForceFrom: Day?, executeThrough: Day?) {
    self.id = id
    self.version = version
    self.digest = digest
    self.inForceFrom = inForceFrom
    self.executeThrough = executeThrough
  }
}

/// What the register keeps of an assessment: its bytes, which it does not read, and what the chain turns on.
package struct AssessmentStamp: Sendable, Hashable {
  package var act: ActStamp
  /// The record that was assessed; the register compares both with what it has.
  package var recordDigest: String
  package var recordVersion: Int
  package var asOf: Day
  /// `standing` is `final`.
  package var isFinal: Bool
  package var outcome: AssessmentOutcome
  /// Of all offences, without repetition.
  package var measures: Set<String>
  package var releaseOn: Day?
  package var newEnd: Day?
  /// Those that a person chose and that it follows, by the ids of their points.
  package var readings: [ChosenReading]
  /// The assessment as JSON.
  package var bytes: [UInt8]

  package init(
    act: ActStamp, recordDigest: String, recordVersion: Int, asOf: Day, isFinal: Bool, outcome: AssessmentOutcome, measures: Set<String>,
    releaseOn: Day?, newEnd: Day?, readings: [ChosenReading] = [], bytes: [UInt8]
  ) {
    self.act = act
    self.recordDigest = recordDigest
    self.recordVersion = recordVersion
    self.asOf = asOf
    self.isFinal = isFinal
    self.outcome = outcome
    self.measures = measures
    self.releaseOn = releaseOn
    self.newEnd = newEnd
    self.readings = readings
    self.bytes = bytes
  }

  /// Of the answer and of what the chain turns on, for the link that it leaves.
  package var digest: String {
    let value = StoredJSON.fields([
      ("act", .string(act.digest)), ("facts", .string(recordDigest)), ("version", .int(Int64(recordVersion))), ("asOf", .string(asOf.text)),
      ("final", .bool(isFinal)), ("outcome", .string(outcome.rawValue)), ("measures", .string(CaseChain.words(measures))),
      ("release", .optional(releaseOn?.text)), ("end", .optional(newEnd?.text)),
      ("readings", .optional(readings.isEmpty ? nil : readings.words)),
    ])
    var out: [UInt8] = []
    value.write(to: &out)
    return "sha256:" + hex(Array(SHA256.hash(data: out + bytes)))
  }
}

/// An assessment as the register keeps it, for replay.
package struct StoredAssessment: Sendable, Hashable {
  /// From 1 in the case.
  package var number: Int
  package var at: Instant
  package var author: Author
  package var stamp: AssessmentStamp

  package init(number: Int, at: Instant, author: Author, stamp: AssessmentStamp) {
    self.number = number
    self.at = at
    self.author = author
    self.stamp = stamp
  }
}
