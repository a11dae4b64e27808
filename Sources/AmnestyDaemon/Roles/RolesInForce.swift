// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Synchronization

/// The place that the server takes roles from; a reload swaps the table whole.
package final class RolesInForce: Sendable {
  private let table: Mutex<RoleTable>

  package init(_ table: RoleTable) { self.table = Mutex(table) }

  package var current: RoleTable { table.withLock { $0 } }

  package func replace(with table: RoleTable) { self.table.withLock { $0 = table } }
}

extension RoleTable {
  init(_ configuration: DaemonConfiguration, all: Set<String>) throws(DaemonError) {
    try self.init(configuration.roles, all: all, implied: ContractDescription.roles, deployment: configuration.deployment)
  }
}
