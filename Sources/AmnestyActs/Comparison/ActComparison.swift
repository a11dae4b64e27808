// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// What differs between two acts, provision by provision, from the first to the other.
///
/// Provisions are the same by their ids. It compares what act files say, not how they are laid out; what people only read (history, titles
/// of articles) is left out.
package struct ActComparison: Sendable, Equatable {
  package enum Change: Sendable, Equatable {
    case added, removed, changed
  }

  package enum Part: Sendable, Equatable, CaseIterable {
    /// When it holds, its alternatives and exceptions included.
    case condition
    case basis
    case text
    case source
    /// What it grants, or to whom it refers.
    case measure
    /// Where it stands: under another provision, or before others that it came after.
    case order
  }

  /// A member of the act that is no provision.
  package struct Member: Sendable, Equatable {
    /// `act.inForceFrom`, `choices.one_year_test`.
    package var name: String
    /// As an act file writes it on one line; nil where the act has none.
    package var before: String?
    package var after: String?

    package init(name: String, before: String?, after: String?) {
      self.name = name
      self.before = before
      self.after = after
    }
  }

  package struct Difference: Sendable, Equatable {
    package var id: String
    package var change: Change
    /// Empty where one of the acts does not have it.
    package var parts: [Part]
    package var before: ComparedProvision?
    package var after: ComparedProvision?
  }

  package let members: [Member]
  /// In the order of the first act; what only the other has comes where it stands there.
  package let differences: [Difference]

  package init(_ first: ActDocument, _ other: ActDocument) {
    let (before, after) = (ComparedAct(first), ComparedAct(other))
    members = ActComparison.union(before.members.map(\.name), after.members.map(\.name)).compactMap { name in
      let (old, new) = (before.member(name), after.member(name))
      return old == new ? nil : Member(name: name, before: old, after: new)
    }
    let moved = ActComparison.moved(before.provisions, after.provisions)
    differences = ActComparison.union(before.provisions.map(\.id), after.provisions.map(\.id)).compactMap { id in
      switch (before.provision(id), after.provision(id)) {
      case (let old?, let new?):
        let parts = ActComparison.parts(old, new, isMoved: moved.contains(id))
        return parts.isEmpty ? nil : Difference(id: id, change: .changed, parts: parts, before: old.provision, after: new.provision)
      case (let old?, nil): return Difference(id: id, change: .removed, parts: [], before: old.provision, after: nil)
      case (nil, let new?): return Difference(id: id, change: .added, parts: [], before: nil, after: new.provision)
      case (nil, nil): return nil
      }
    }
  }

  private static func parts(_ old: ComparedAct.Entry, _ new: ComparedAct.Entry, isMoved: Bool) -> [Part] {
    let (a, b) = (old.provision, new.provision)
    return Part.allCases.filter { part in
      switch part {
      case .condition: a.condition != b.condition
      case .basis: a.basis != b.basis || a.basisWhenFalse != b.basisWhenFalse
      case .text: a.text != b.text || old.referralNote != new.referralNote
      case .source: a.citation != b.citation
      case .measure: a.effect != b.effect
      case .order: isMoved || old.owner != new.owner || a.kind != b.kind
      }
    }
  }

  /// The names of both lists once; one that only the second has comes after the one that it follows there.
  private static func union(_ first: [String], _ second: [String]) -> [String] {
    var all = first
    for (index, name) in second.enumerated() where !all.contains(name) {
      let previous = index == 0 ? nil : all.firstIndex(of: second[index - 1])
      all.insert(name, at: previous.map { $0 + 1 } ?? 0)
    }
    return all
  }

  /// Clauses that must move so that the others keep their order: a cascade is read from above. Elsewhere the order decides nothing.
  private static func moved(_ before: [ComparedAct.Entry], _ after: [ComparedAct.Entry]) -> Set<String> {
    func clauses(_ entries: [ComparedAct.Entry]) -> [String] { entries.filter { $0.provision.kind == .relief }.map(\.id) }
    let positions = Dictionary(clauses(after).enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let common = clauses(before).filter { positions[$0] != nil }
    // The longest run of clauses whose order is the same in both stays; acts have some tens of clauses.
    var runs: [[String]] = []
    for id in common {
      let fitting = runs.filter { run in (run.last.flatMap { positions[$0] } ?? -1) < (positions[id] ?? -1) }
      runs.append((fitting.max { $0.count < $1.count } ?? []) + [id])
    }
    return Set(common).subtracting(runs.max { $0.count < $1.count } ?? [])
  }
}

/// A provision as one of two acts has it.
package struct ComparedProvision: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case scope, exclusion, alternative, exception, rule, remainder, relief, statement
  }

  package var kind: Kind
  package var basis: Basis
  package var basisWhenFalse: Basis
  package var citation: String
  package var text: LocalizedText
  /// As an act file writes it on one line; nil where it has none.
  package var condition: String?
  package var effect: String?
}
