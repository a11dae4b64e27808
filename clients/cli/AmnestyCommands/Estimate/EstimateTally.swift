// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// Counts the people of a register by what they are and by what the act does for them.
package struct EstimateTally: Sendable, Equatable {
  /// What the published figures tell people apart by.
  package enum Group: Int, CaseIterable, Sendable {
    case convictedInCustody, convictedAtLarge, pendingGrave, pendingLighter, unknown

    package init(_ record: CaseRecord) {
      switch record.stage {
      case .sentenced, .served:
        self = record.detained == true ? .convictedInCustody : .convictedAtLarge
      case .investigation, .trial, .appeal:
        // A gravity that nobody stated counts as lighter: the figure is of those accused of grave crimes.
        self = record.offences.contains { $0.gravity == .grave || $0.gravity == .especiallyGrave } ? .pendingGrave : .pendingLighter
      default:
        self = .unknown
      }
    }
  }

  /// One for each person. Of several measures the one that leaves most to serve names the person's.
  package enum Result: Int, CaseIterable, Sendable {
    case released, cutAndFree, cut, terminated, cutAtSentencing, removed, otherRelief
    case referred, undetermined, notCovered, refused

    package init(_ assessment: Assessment) {
      switch assessment.outcome {
      case .eligible, .partial: self = Result.relief(assessment)
      case .referred: self = .referred
      case .undetermined: self = .undetermined
      default: self = .notCovered
      }
    }

    private static func relief(_ assessment: Assessment) -> Result {
      let measures = Set(assessment.offences.compactMap(\.measure))
      if measures.contains("reduce_term") { return assessment.sentence?.releaseOn == nil ? .cut : .cutAndFree }
      if measures.contains("reduce_at_sentencing") { return .cutAtSentencing }
      if measures.contains("release_from_punishment") { return .released }
      if measures.contains("terminate_proceedings") { return .terminated }
      if measures.contains("remove_conviction") { return .removed }
      return .otherRelief
    }

    package var isRelief: Bool {
      switch self {
      case .released, .cutAndFree, .cut, .terminated, .cutAtSentencing, .removed, .otherRelief: true
      case .referred, .undetermined, .notCovered, .refused: false
      }
    }
  }

  private var cells = [[Int]](repeating: [Int](repeating: 0, count: Group.allCases.count), count: Result.allCases.count)
  /// Act, version, day and standing of the first answer; the same for all of one run.
  package private(set) var act: ActReference?
  package private(set) var asOf: String?
  package private(set) var standing: Standing?
  /// People for whom a relief stands beside an offence without one.
  package private(set) var partial = 0
  /// People whose answer differs between the readings of an open point.
  package private(set) var readingsDiffer = 0
  /// People whom another reading than the act's default would free at once.
  package private(set) var freedByAnotherReading = 0

  package init() {}

  package mutating func add(_ record: CaseRecord, _ assessment: Assessment) {
    if act == nil {
      act = assessment.act
      asOf = assessment.asOf
      standing = assessment.standing
    }
    cells[Result(assessment).rawValue][Group(record).rawValue] += 1
    if assessment.outcome == .partial { partial += 1 }
    guard !assessment.readings.isEmpty else { return }
    readingsDiffer += 1
    if assessment.sentence?.releaseOn == nil, assessment.readings.contains(where: { $0.releaseOn != nil }) { freedByAnotherReading += 1 }
  }

  /// A record that the daemon refused, because it contradicts itself or is no record.
  package mutating func addRefused(_ record: CaseRecord?) {
    cells[Result.refused.rawValue][(record.map(Group.init) ?? .unknown).rawValue] += 1
  }

  package subscript(result: Result, group: Group) -> Int { cells[result.rawValue][group.rawValue] }

  package func total(of result: Result) -> Int { cells[result.rawValue].reduce(0, +) }

  package func total(of group: Group) -> Int { cells.reduce(0) { $0 + $1[group.rawValue] } }

  package var total: Int { Result.allCases.reduce(0) { $0 + total(of: $1) } }
}
