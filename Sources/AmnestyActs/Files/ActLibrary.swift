// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// The acts in force in the daemon: a value, so that a reload swaps all of it or nothing.
package struct ActLibrary: Sendable {
  /// By id.
  package private(set) var acts: [ActFile]
  /// The act that a call which names none means; nil where several could be meant.
  package private(set) var defaultAct: ActFile?
  /// Versions that were in force before.
  package let earlier: [ActFile]
  private let byID: [String: Int]

  init(acts: [ActFile], earlier: [ActFile] = [], defaultAct: ActFile?) {
    self.earlier = earlier
    self.acts = acts.sorted { $0.definition.id < $1.definition.id }
    self.defaultAct = defaultAct
    byID = Dictionary(self.acts.enumerated().map { ($0.element.definition.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  package subscript(id: String) -> ActFile? { byID[id].map { acts[$0] } }
}
