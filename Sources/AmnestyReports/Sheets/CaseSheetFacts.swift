// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts

/// What a clerk needs of one case on paper. Words are those of the contract; texts of the act are in the sheet's language already.
package struct CaseSheetFacts: Sendable {
  package var language: Language
  package var reference: String
  /// Nil where it is masked or not known.
  package var name: String?
  package var bornOn: String?
  package var iin: String?
  package var state: String
  package var office: String
  package var assignedTo: String?
  package var stage: String?
  package var detained: Bool?
  package var asOf: String
  package var act: ActOnPaper
  package var outcome: String?
  package var measures: [String] = []
  package var cut: LetterSituation.Cut?
  package var releaseOn: String?
  package var offences: [Offence] = []
  /// The other facts, in the order of the record.
  package var facts: [Fact] = []
  package var missing: [Missing] = []
  package var referrals: [String] = []
  package var readings: [Reading] = []
  /// Those that the decision follows, or what is proposed.
  package var followed: [FollowedReading] = []
  package var clocks: [Clock] = []
  package var chain: [Step] = []

  package init(
    language: Language, reference: String, name: String?, bornOn: String? = nil, iin: String? = nil, state: String, office: String,
    assignedTo: String? = nil, stage: String? = nil, detained: Bool? = nil, asOf: String, act: ActOnPaper
  ) {
    self.language = language
    self.reference = reference
    self.name = name
    self.bornOn = bornOn
    self.iin = iin
    self.state = state
    self.office = office
    self.assignedTo = assignedTo
    self.stage = stage
    self.detained = detained
    self.asOf = asOf
    self.act = act
  }

  package struct Offence: Sendable {
    package var article: String?
    package var part: Int?
    package var gravity: String?
    package var committedFrom: String?
    package var committedThrough: String?
    package var nexus: String?
    package var outcome: String?
    package var measure: String?
    package var grounds: [Ground]

    package init(
      article: String?, part: Int? = nil, gravity: String? = nil, committedFrom: String? = nil, committedThrough: String? = nil,
      nexus: String? = nil, outcome: String? = nil, measure: String? = nil, grounds: [Ground] = []
    ) {
      self.article = article
      self.part = part
      self.gravity = gravity
      self.committedFrom = committedFrom
      self.committedThrough = committedThrough
      self.nexus = nexus
      self.outcome = outcome
      self.measure = measure
      self.grounds = grounds
    }
  }

  package struct Ground: Sendable {
    package var provision: String
    package var text: String
    /// `true`, `false` or `unknown`.
    package var truth: String
    package var basis: String?

    package init(provision: String, text: String, truth: String, basis: String? = nil) {
      self.provision = provision
      self.text = text
      self.truth = truth
      self.basis = basis
    }
  }

  package struct Fact: Sendable {
    package var label: String
    package var value: String
    package var source: String?

    package init(label: String, value: String, source: String? = nil) {
      self.label = label
      self.value = value
      self.source = source
    }
  }

  package struct Missing: Sendable {
    package var question: String
    /// Whether it alone can settle the case.
    package var decides: Bool

    package init(question: String, decides: Bool) {
      self.question = question
      self.decides = decides
    }
  }

  package struct Reading: Sendable {
    package var question: String
    package var answer: String
    package var outcome: String
    package var releaseOn: String?

    package init(question: String, answer: String, outcome: String, releaseOn: String? = nil) {
      self.question = question
      self.answer = answer
      self.outcome = outcome
      self.releaseOn = releaseOn
    }
  }

  package struct Clock: Sendable {
    package var kind: String
    package var dueOn: String?
    package var daysLeft: Int?
    package var overdue: Bool
    package var pauseReason: String?

    package init(kind: String, dueOn: String? = nil, daysLeft: Int? = nil, overdue: Bool = false, pauseReason: String? = nil) {
      self.kind = kind
      self.dueOn = dueOn
      self.daysLeft = daysLeft
      self.overdue = overdue
      self.pauseReason = pauseReason
    }
  }

  /// One link of the chain, or what is still ahead.
  package struct Step: Sendable {
    /// RFC 3339.
    package var at: String
    /// A word of `CaseCommand`.
    package var command: String
    package var person: String
    package var role: String?
    /// A word of `CaseState`.
    package var state: String
    package var reason: String?
    /// Those that a person chose with it.
    package var readings: [FollowedReading]

    package init(
      at: String, command: String, person: String, role: String? = nil, state: String, reason: String? = nil,
      readings: [FollowedReading] = []
    ) {
      self.at = at
      self.command = command
      self.person = person
      self.role = role
      self.state = state
      self.reason = reason
      self.readings = readings
    }
  }
}
