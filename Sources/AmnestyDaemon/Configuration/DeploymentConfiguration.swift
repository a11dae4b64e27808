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

  /// A body that no act lets decide would decide nothing, and whoever wrote it meant another. Acts are known only once they are loaded.
  func checkBodies(named acts: ActSnapshot) throws(DaemonError) {
    let known = acts.decidingBodies
    let given =
      offices.sorted { $0.key < $1.key }.map { ("offices.\($0.key).body", $0.value.body) }
      + procedure.sorted { $0.key < $1.key }.map { ("procedure.\($0.key)", $0.value) }
    for case (let place, let body?) in given where !known.contains(body) {
      let names = known.isEmpty ? "the loaded acts name none" : "the loaded acts name " + known.sorted().joined(separator: ", ")
      throw DaemonError(
        .configuration, "\(place) is \(body), and no act lets such a body decide: \(names); name one of them, or leave \(place) out")
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
