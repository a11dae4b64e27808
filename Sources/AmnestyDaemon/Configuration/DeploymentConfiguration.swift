// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices

/// What a deployment says of its offices, its people and its own deadlines. Nothing here is law.
package struct DeploymentConfiguration: Sendable, Equatable {
  /// By name; empty: one office, `default`, that may act as every body.
  package var offices: [String: OfficeConfiguration] = [:]
  /// The identities of one human being, each `USER` or `USER:ACTOR`, by the person's name.
  package var persons: [String: [String]] = [:]
  /// The body that decides at a stage where the act leaves it open.
  package var procedure: [String: String] = [:]
  /// Days, by clock.
  package var deadlines: [String: Int] = [:]
  /// What a freed person is helped with, by kind.
  package var aftercare: [String: NeedConfiguration] = [:]
  /// Offices whose registers are told of a removed conviction.
  package var subscribers: [String] = []
  /// File of the key that signs the audit trail; nil: the credential `audit.key`, where there is one.
  package var auditKey: String?
  /// Where backups are written; nil: `backups` in the state directory.
  package var backups: String?

  package init() {}

  /// A body that no act names and no office is would never decide, and whoever wrote it meant another. Acts are known only once they are loaded.
  func checkBodies(named acts: ActSnapshot) throws(DaemonError) {
    // An office without a body may act as every body.
    guard !offices.isEmpty, offices.values.allSatisfy({ $0.body != nil }) else { return }
    let known = acts.decidingBodies.union(offices.values.compactMap(\.body))
    for (stage, body) in procedure.sorted(by: { $0.key < $1.key }) where !known.contains(body) {
      throw DaemonError(
        .configuration,
        "procedure.\(stage) is \(body), and no office is such a body: acts and offices name \(known.sorted().joined(separator: ", ")); name one of them, or leave procedure.\(stage) out"
      )
    }
  }
}

package struct OfficeConfiguration: Sendable, Equatable {
  /// The kind of body it is, as acts name it.
  package var body: String?
  package var roles: [String: RoleHolders]

  package init(body: String? = nil, roles: [String: RoleHolders] = [:]) {
    self.body = body
    self.roles = roles
  }
}

package struct NeedConfiguration: Sendable, Equatable {
  package var responsible: String
  /// Days after the release.
  package var days: Int

  package init(responsible: String, days: Int) {
    self.responsible = responsible
    self.days = days
  }
}
