// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A cell of the published figures: what a person of the register is counted under.
package enum MarginCell: Int, CaseIterable, Sendable {
  case convictedAtLargeGrave
  case convictedAtLargeLighter
  case convictedInCustodyGrave
  case convictedInCustodyLighter
  case pendingGrave
  case pendingLighter

  package var isConvicted: Bool {
    switch self {
    case .convictedAtLargeGrave, .convictedAtLargeLighter, .convictedInCustodyGrave, .convictedInCustodyLighter: true
    case .pendingGrave, .pendingLighter: false
    }
  }

  package var isInCustody: Bool {
    self == .convictedInCustodyGrave || self == .convictedInCustodyLighter
  }

  /// Whether the gravest offence is grave or especially grave.
  package var isGrave: Bool {
    switch self {
    case .convictedAtLargeGrave, .convictedInCustodyGrave, .pendingGrave: true
    case .convictedAtLargeLighter, .convictedInCustodyLighter, .pendingLighter: false
    }
  }
}

/// How many people stand in each cell.
///
/// Published on 2 November 2022: 1,112 convicted, 128 of them in custody, and 363 accused of grave crimes; on 27 October: 171 to be
/// released from liability. How many of the convicted were so for grave crimes was not published; nine in ten is the share
/// among the amnestied of January 2023 (1,001 of 1,095).
package struct Margins: Sendable {
  package static let published: [(cell: MarginCell, people: Int)] = [
    (.convictedAtLargeGrave, 896),
    (.convictedAtLargeLighter, 88),
    (.convictedInCustodyGrave, 121),
    (.convictedInCustodyLighter, 7),
    (.pendingGrave, 363),
    (.pendingLighter, 171),
  ]

  package static let publishedTotal = published.reduce(0) { $0 + $1.people }

  package let counts: [(cell: MarginCell, people: Int)]

  /// The published margins scaled to a number of people; what rounding leaves goes to the largest remainders.
  package init(people: Int) {
    let total = Self.publishedTotal
    var counts = Self.published.map { (cell: $0.cell, people: $0.people * people / total) }
    let byRemainder = Self.published.indices.sorted {
      let (left, right) = (Self.published[$0].people * people % total, Self.published[$1].people * people % total)
      return left == right ? $0 < $1 : left > right
    }
    for index in byRemainder.prefix(people - counts.reduce(0) { $0 + $1.people }) {
      counts[index].people += 1
    }
    self.counts = counts
  }

  package subscript(cell: MarginCell) -> Int {
    counts.first { $0.cell == cell }?.people ?? 0
  }
}
