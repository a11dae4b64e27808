// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyActs
internal import AmnestyRules
internal import AmnestyWire
internal import Synchronization

/// The acts of one moment; a reload makes a new value and swaps it whole.
package final class ActSnapshot: Sendable {
  /// By id.
  package let acts: [ServedAct]
  package let defaultAct: ServedAct?
  /// Versions that were in force before, for what was assessed under them.
  private let earlier: [ServedAct]
  private let byID: [String: ServedAct]
  /// Kinds of the facts that some act declares, by their name.
  let declared: [String: [DeclaredFact.Kind]]

  package init(_ library: ActLibrary, clock: WallClock = .system) {
    acts = library.acts.map { ServedAct($0, clock: clock) }
    earlier = library.earlier.map { ServedAct($0, clock: clock) }
    byID = Dictionary(acts.map { ($0.reference.id, $0) }, uniquingKeysWith: { first, _ in first })
    defaultAct = library.defaultAct.flatMap { [byID] act in byID[act.definition.id] }
    declared = Dictionary(grouping: acts.flatMap(\.act.layout.declared), by: \.name).mapValues { $0.map(\.kind) }
  }

  /// The kinds of bodies that some act lets decide.
  package var decidingBodies: Set<String> { Set(acts.flatMap(\.act.definition.deciders).compactMap(\.body)) }

  package var ids: [String] { acts.map(\.reference.id) }

  /// Acts whose time zone the system does not know: they can be asked only with `asOf`.
  package var withoutTimeZone: [(id: String, zone: String)] {
    acts.filter { $0.today == nil }.map { ($0.reference.id, $0.act.definition.timeZone) }
  }

  /// The very act of a digest, whether it is in force or was before.
  func act(digest: String) -> ServedAct? { (acts + earlier).first { $0.reference.digest == digest } }

  /// The act that a request means.
  func act(_ id: String?) throws(Status) -> ServedAct {
    guard let id else {
      if let defaultAct { return defaultAct }
      throw .invalidField([FieldViolation(field: "/actId", description: "is needed, as no default act is configured; one of \(list)")])
    }
    if let act = byID[id] { return act }
    throw .unknownAct(id, known: list)
  }

  var list: String { ids.joined(separator: ", ") }
}

extension Status {
  /// Nobody named an act, as where a record is taken in, and none is the default.
  static func noDefaultAct(loaded: String) -> Status {
    Status(
      .failedPrecondition, reason: ErrorReason.noDefaultAct,
      "The facts of a record are checked under the default act, and this daemon has none. Its administrator sets defaultAct in the configuration to one of \(bounded(loaded, to: 2000)) and reloads.",
      info: ["known": bounded(loaded, to: 2000)])
  }

  static func unknownAct(_ id: String, known: String) -> Status {
    Status(
      .notFound, reason: ErrorReason.unknownAct, "No act \(bounded(id)) is loaded. Ask for one of \(known).",
      info: ["actId": bounded(id), "known": bounded(known, to: 2000)],
      details: [.resourceInfo(ResourceInfo(resourceType: "act", resourceName: bounded(id)))])
  }
}

/// The place that services take the acts from; each call sees one snapshot to its end.
package final class ActsInForce: Sendable {
  private let kept: Mutex<ActSnapshot>

  package init(_ snapshot: ActSnapshot) { kept = Mutex(snapshot) }

  package var current: ActSnapshot { kept.withLock { $0 } }

  package func replace(with snapshot: ActSnapshot) { kept.withLock { $0 = snapshot } }
}
