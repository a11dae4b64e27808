// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The case record as one would write it for Foundation: what the generated reader and writer are compared with.
struct FoundationRecord: Codable {
  struct Person: Codable {
    var iin: String?
    var familyName: String?
    var givenName: String?
    var patronymic: String?
    var bornOn: String?
    var exclusions: [String]?
  }

  struct OffenceSentence: Codable {
    var kind: String?
    var term: String?
  }

  struct Offence: Codable {
    var id: String
    var article: String?
    var part: Int?
    var gravity: String?
    var committedFrom: String?
    var committedThrough: String?
    var territory: String?
    var nexus: String?
    var classes: [String]?
    var stage: String?
    var dropped: Bool?
    var sentence: OffenceSentence?
  }

  struct Sentence: Codable {
    var imposedOn: String?
    var kind: String?
    var term: String?
    var startsOn: String?
    var creditDays: Int?
    var aggregation: String?
    var finalOn: String?
    var currentEnd: String?
    var servedOn: String?
    var additional: [String]?
  }

  var reference: String
  var person: Person?
  var stage: String?
  var recidivism: String?
  var objectsToTermination: Bool?
  var offences: [Offence]
  var sentence: Sentence?
  var detained: Bool?
  var unknowable: [String]?
  var disputed: [String]?
}
