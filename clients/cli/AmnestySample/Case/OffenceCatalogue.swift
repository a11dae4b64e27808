// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The articles a synthetic person is charged with. One part of an article has one gravity throughout, as a court's qualification
/// would; the sample's own choice where the code was not at hand. Weights follow the published mix: taking part in
/// mass riots first, then theft and destruction.
package struct CataloguedOffence: Sendable {
  package enum Gravity: String, Sendable, Comparable, CaseIterable {
    case infraction, minor, medium, grave
    case especiallyGrave = "especially_grave"

    package static func < (left: Gravity, right: Gravity) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }

    package var isGrave: Bool { self >= .grave }
  }

  package var article: String
  package var part: Int?
  package var gravity: Gravity
  package var classes: [String] = []
  /// The shortest and longest term imposed for it, in months.
  package var months: ClosedRange<Int>

  private init(_ article: String, _ part: Int?, _ gravity: Gravity, _ months: ClosedRange<Int>, _ classes: [String] = []) {
    self.article = article
    self.part = part
    self.gravity = gravity
    self.months = months
    self.classes = classes
  }
}

extension CataloguedOffence {
  package typealias Weighted = [(weight: Int, value: CataloguedOffence)]

  /// Grave offences of the riots that the act lists, or is inferred to.
  package static let graveRiot: Weighted = [
    (560, .init("272", 2, .grave, 36...72)),  // taking part in mass riots
    (120, .init("188", 3, .grave, 24...60)),  // theft
    (100, .init("191", 2, .grave, 36...60)),  // open theft
    (90, .init("202", 2, .grave, 24...60)),  // destruction of property
    (40, .init("191", 3, .grave, 48...84)),
    (30, .init("188", 4, .grave, 48...84)),
    (25, .init("106", 1, .grave, 36...60)),  // grievous bodily harm
    (15, .init("106", 2, .grave, 60...96)),
    (20, .init("200", 3, .grave, 24...60)),  // taking a vehicle
  ]

  /// Lighter offences of the riots that the act lists.
  package static let lighterRiot: Weighted = [
    (240, .init("188", 1, .minor, 6...18)),
    (200, .init("188", 2, .medium, 12...30)),
    (130, .init("191", 1, .medium, 12...30)),
    (120, .init("202", 1, .minor, 6...18)),
    (60, .init("187", 1, .infraction, 1...3)),  // petty theft
    (50, .init("200", 1, .medium, 12...30)),
    (50, .init("196", 1, .minor, 6...18)),  // handling stolen property
    (50, .init("149", 1, .infraction, 1...3)),  // violating the home
    (40, .init("107", 1, .minor, 6...18)),  // medium bodily harm
    (30, .init("115", 1, .minor, 6...12)),  // threat
    (20, .init("131", 2, .infraction, 1...3)),  // insult
    (10, .init("204", nil, .minor, 6...12)),  // negligent damage
  ]

  /// Offences the act's readable part does not settle, or settles against the person.
  package static let graveUnlisted: Weighted = [
    (45, .init("287", 3, .grave, 24...60)),  // weapons: above 207, open
    (35, .init("380", 2, .grave, 36...72)),  // violence against an official: open
    (25, .init("293", 3, .grave, 36...72)),  // hooliganism: open
    (25, .init("192", 2, .grave, 48...96)),  // robbery: not listed
    (10, .init("269", 3, .especiallyGrave, 96...144)),  // attack on buildings: open
    (10, .init("99", 1, .especiallyGrave, 96...156)),  // murder: not listed
    (10, .init("106", 3, .especiallyGrave, 84...120)),  // grievous bodily harm, part not listed
  ]

  package static let lighterUnlisted: Weighted = [
    (40, .init("287", 1, .medium, 12...24)),
    (30, .init("293", 2, .medium, 12...30)),
    (20, .init("207", 1, .medium, 12...24)),  // any part of it is open
    (20, .init("190", 1, .minor, 6...18)),  // fraud: not listed
    (10, .init("188-1", 1, .medium, 12...24)),  // another article than 188
  ]

  /// Organising: for minors an exception to the exclusion.
  package static let organising = CataloguedOffence("272", 1, .grave, 60...96, ["riot_organisation"])

  /// Excluded whatever the gravity of the rest.
  package static let graveExcluded: Weighted = [
    (40, .init("174", 2, .grave, 36...72, ["extremism"])),
    (30, .init("255", 1, .grave, 60...96, ["terrorism"])),
    (10, .init("179", 2, .grave, 48...84, ["seizure_of_power"])),
    (5, .init("121", 2, .grave, 60...96, ["minor_sexual_inviolability"])),
  ]

  /// Officers and soldiers: of 49 accused, one was expected to qualify.
  package static let graveSuppression: Weighted = [
    (65, .init("146", 3, .grave, 36...72, ["torture"])),
    (22, .init("362", 4, .grave, 36...72)),  // abuse of power: above 207, open
    (8, .init("362", 3, .grave, 36...60, ["corruption"])),
    (5, .init("106", 1, .grave, 36...60)),
  ]

  package static let lighterSuppression: Weighted = [
    (30, .init("103", nil, .medium, 12...30)),  // excess in detaining
    (25, .init("113", nil, .minor, 6...18)),
    (20, .init("112", nil, .minor, 6...18)),  // excess of defence
    (15, .init("104", 1, .medium, 12...24)),  // death by negligence
    (10, .init("114", 1, .minor, 6...12)),  // negligent harm
  ]
}
