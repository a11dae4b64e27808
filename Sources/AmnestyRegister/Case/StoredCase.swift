// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A case as it stands.
package struct StoredCase: Sendable, Hashable {
  package var reference: String
  /// Rises with every change; the etag is made of it.
  package var version: Int
  package var office: String
  package var chain: CaseChain
  package var recordVersion: Int
  /// The bytes of the version in force.
  package var record: [UInt8]
  package var recordDigest: String
  package var columns: CaseColumns
  package var registeredAt: Instant
  package var updatedAt: Instant
  /// Those that run or are paused.
  package var clocks: [CaseClock]
  /// The earliest day on which a running clock is over.
  package var deadline: Day?
  /// How many assessments it has had; the chain stands on one of them.
  package var assessments: Int

  package var state: CaseState { chain.state }
  package var etag: String { "v\(version)" }

  package init(
    reference: String, version: Int, office: String, chain: CaseChain, recordVersion: Int, record: [UInt8], recordDigest: String,
    columns: CaseColumns, registeredAt: Instant, updatedAt: Instant, clocks: [CaseClock], deadline: Day?, assessments: Int = 0
  ) {
    self.reference = reference
    self.version = version
    self.office = office
    self.chain = chain
    self.recordVersion = recordVersion
    self.record = record
    self.recordDigest = recordDigest
    self.columns = columns
    self.registeredAt = registeredAt
    self.updatedAt = updatedAt
    self.clocks = clocks
    self.deadline = deadline
    self.assessments = assessments
  }
}
