// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// An act ready to assess records: its definition, and its provisions and conditions as flat tables.
package final class CompiledAct: Sendable {
  package let definition: ActDefinition
  /// `sha256:…` of the act document.
  package let digest: String
  package let layout: FactLayout
  /// Every provision in document order.
  package let provisions: [CompiledProvision]
  /// Measures granted by some clause.
  package let measures: [String]

  /// The same provisions as plain numbers, for evaluation.
  let shapes: [ProvisionShape]
  let nodes: [ConditionNode]
  /// Where each condition stands in the file.
  let nodePlaces: [NodePlace]
  let children: [Int32]
  let alternatives: [Int32]
  let scope: [Int32]
  let exclusions: [Int32]
  /// Those that read facts of the offence: found on one offence, they bar the person's others.
  let offenceExclusions: [Int32]
  let personBar: Int32?
  /// Facts that exclusions which bar the person read.
  let barFacts: Set<FactRef>
  let clauses: [CompiledClause]
  let effects: [CompiledEffect]
  let remainder: CompiledRemainder?
  let reliefOrder: ReliefOrder
  let termRounding: TermRounding
  let inForceFrom: Day?
  let canBeFinal: Bool
  /// What every answer carries, and what one carries whose sentence has additional punishments.
  let notes: [ActNote]
  let notesOnAdditional: [ActNote]
  /// What of all this an evaluation reads.
  let tables: ActTables
  /// Facts that conditions read, with the values that make a difference to them.
  let domains: [FactRef: FactDomain]
  /// Every day that some fact is compared with.
  let comparedDays: [Int64]

  /// Compiles an act; throws every problem that keeps it from being run.
  package init(_ definition: ActDefinition, digest: String) throws(ActProblems) {
    var compiler = ActCompiler(definition)
    let scope = definition.scope.map { compiler.add($0, .scope) }
    let exclusions = definition.exclusions.map { compiler.add($0, .exclusion) }
    let personBar = definition.exclusionsBarPerson.map { compiler.add($0, .exclusion) }
    let clauses = definition.relief.map { compiler.add($0) }
    let remainder = compiler.addRemainder()
    if definition.relief.isEmpty { compiler.report(.unknown, nil, "the act grants nothing: it has no relief clause") }
    let problems = compiler.problems
    if !problems.isEmpty { throw ActProblems(problems: problems) }
    self.definition = definition
    self.digest = digest
    layout = compiler.layout
    provisions = compiler.provisions
    shapes = compiler.shapes
    measures = compiler.measures
    nodes = compiler.nodes
    nodePlaces = compiler.nodePlaces
    children = compiler.children
    alternatives = compiler.alternatives
    self.scope = scope
    self.exclusions = exclusions
    let provisions = compiler.provisions
    offenceExclusions = exclusions.filter { provisions[Int($0)].facts.contains(where: \.isOffence) }
    self.personBar = personBar
    barFacts = personBar == nil ? [] : compiler.facts(under: offenceExclusions)
    self.clauses = clauses
    effects = compiler.effects
    self.remainder = remainder
    reliefOrder = definition.reliefOrder
    termRounding = definition.termRounding
    inForceFrom = definition.inForceFrom
    canBeFinal = definition.canBeFinal
    notes = definition.notes
    notesOnAdditional = definition.notes + [definition.additionalPunishmentNote].compactMap(\.self)
    tables = ActTables(compiler, scope: scope, exclusions: exclusions, clauses: clauses)
    domains = compiler.mergedDomains()
    comparedDays = domains.values.flatMap { $0.days.map(Int64.init) }
  }

  deinit { tables.deallocate() }

  package struct CompiledProvision: Sendable {
    package var id: String
    package var kind: Kind
    package var basis: Basis
    package var basisWhenFalse: Basis
    package var text: LocalizedText
    package var citation: String
    package var referralNote: LocalizedText
    package var place: Place
    package var measure: String?
    /// Facts that it reads, for reasons.
    package var facts: [FactRef]
    package enum Kind: String, Sendable { case scope, exclusion, exception, relief, rule }
  }
}

struct ProvisionShape: Sendable, BitwiseCopyable {
  var basis: Basis
  var basisWhenFalse: Basis
  var condition: Int32 = -1
  /// Alternatives and exceptions are ranges of the act's `alternatives`.
  var firstAlternative: Int32 = 0
  var alternativeCount: Int32 = 0
  var firstException: Int32 = 0
  var exceptionCount: Int32 = 0
}

struct NodePlace: Sendable {
  var place: Place
  var provision: String
}

struct CompiledClause: Sendable, BitwiseCopyable {
  var provision: Int32
  var effect: Int32
}

/// What a clause comes to, as plain numbers.
struct CompiledEffect: Sendable, Equatable, BitwiseCopyable {
  enum Punishment: Sendable, Equatable, BitwiseCopyable {
    case untouched
    case release(CompiledDay)
    case reduceTerm(keep: Fraction, base: TermReduction.Base, hasRemainder: Bool)
    case reduceAmount(keep: Fraction)
  }

  /// nil where a relief is granted.
  var referral: ReferralCode?
  /// Index among the act's measures; -1 for a referral.
  var measure: Int32 = -1
  var punishment = Punishment.untouched
  var mayObject = false

  var cutsTerm: Bool { if case .reduceTerm = punishment { true } else { false } }
}

/// The act's remainder rule, as plain numbers.
struct CompiledRemainder: Sendable {
  var provision: Int32
  var limit: Term
  var comparison: Comparison
  /// Index among the act's choices.
  var choice: Int
  var defaultAnswer: Choice.Answer
}

/// The values of a fact among which the act tells a difference.
struct FactDomain: Sendable {
  var values: [Int64] = []
  /// Days of the fact are compared with these.
  var days: Set<Int32> = []
  /// Ages in years that are measured from this day of birth.
  var ages: Set<Int> = []
  var articles: Set<Int64> = []
  var integers: Set<Int64> = []
  var words: Int64 = 0
  var terms: Set<Int64> = []
  /// Shares and remainders of the term that are measured with this fact.
  var measures: [TermMeasure] = []

  var isMeasured: Bool { !measures.isEmpty }
}

/// A test of the term against a day: the part of it that must lie before, or what may be left of it.
struct TermMeasure: Sendable, Equatable {
  enum Limit: Sendable, Equatable {
    case served(Fraction)
    case remaining(Term)
  }

  var limit: Limit
  var day: CompiledDay
}

/// What is wrong with an act, and where.
package struct ActProblem: Error, Sendable, Equatable {
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  package var place: Place
  package var provision: String?
  package var message: String
  package var hint: String?

  package init(_ severity: Severity = .error, at place: Place, provision: String? = nil, _ message: String, hint: String? = nil) {
    self.severity = severity
    self.place = place
    self.provision = provision
    self.message = message
    self.hint = hint
  }
}

package struct ActProblems: Error, Sendable, Equatable {
  package var problems: [ActProblem]

  package init(problems: [ActProblem]) { self.problems = problems }
}
