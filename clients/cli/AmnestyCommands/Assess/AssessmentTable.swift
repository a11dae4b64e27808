// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts

/// Assessments as rows that a person can look through.
package enum AssessmentTable {
  package static let columns: [Table.Column] = [
    .init("reference"), .init("outcome"), .init("measure", mayShrink: true), .init("new end"), .init("release"), .init("basis"),
    .init("why", mayShrink: true),
  ]

  /// The heading of the same as CSV.
  package static let fields = ["line", "reference", "outcome", "measure", "newEnd", "releaseOn", "basis", "why"]

  package static func row(_ reference: String?, _ assessment: Assessment, _ language: Language) -> [Table.Cell] {
    var measures: [String] = []
    for case let measure? in assessment.offences.map(\.measure) where !measures.contains(measure) { measures.append(measure) }
    return [
      .init(reference ?? "-"),
      .init(assessment.outcome.word + (assessment.standing == .provisional ? " (provisional)" : ""), Self.style(assessment.outcome)),
      .init(measures.isEmpty ? "-" : measures.joined(separator: ", ")),
      .init(assessment.sentence?.newEnd ?? "-"),
      .init(assessment.sentence?.releaseOn ?? "-"),
      .init(assessment.basis?.word ?? "-"),
      .init(Self.why(assessment, language)),
    ]
  }

  package static func row(line: Int, _ reference: String?, _ status: Status, _ language: Language) -> [Table.Cell] {
    [
      .init(reference ?? "-"), .init(Text.assessRefused(language), .bad), "-", "-", "-", "-",
      .init(Text.refusedAtLine(language, line: "\(line)", why: ErrorReport.summary(of: status, language))),
    ]
  }

  package static func style(_ outcome: Outcome) -> Style {
    switch outcome {
    case .eligible, .partial: .good
    case .ineligible: .bad
    case .undetermined, .referred: .warning
    default: .plain
    }
  }

  /// What is to be asked, or why a human has to say.
  private static func why(_ assessment: Assessment, _ language: Language) -> String {
    var parts: [String] = []
    if !assessment.missing.isEmpty { parts.append(Text.assessAsk(language, facts: assessment.missing.map(\.fact).joined(separator: ", "))) }
    var codes: [String] = []
    for referral in assessment.referrals where !codes.contains(referral.code.word) { codes.append(referral.code.word) }
    if !codes.isEmpty { parts.append(codes.joined(separator: ", ")) }
    return parts.joined(separator: "; ")
  }
}
