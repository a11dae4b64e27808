// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// Reads configuration and acts anew on SIGHUP. What is new is built whole, then swapped; what is wrong is logged, and what is in force stays.
struct ReloadCoordinator: Service {
  let acts: ActsInForce
  let roles: RolesInForce
  /// Reads the configuration again, from where it was read before.
  let configuration: @Sendable () async throws(DaemonError) -> DaemonConfiguration
  let knownRoles: Set<String>
  let actSearch: ActSearch
  /// Tells the server that rights may have changed.
  let rightsChanged: @Sendable () -> Void
  let logger: Logger

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
  }

  /// True where everything new is in force.
  @discardableResult
  func reload() async -> Bool {
    let folder: String
    let loading: ActLoading
    let table: RoleTable
    do throws(DaemonError) {
      let configuration = try await self.configuration()
      if let acts = configuration.acts { folder = acts } else { folder = try actSearch.find() }
      loading = ActLoading(folder: folder, defaultAct: configuration.defaultAct)
      table = try RoleTable(configuration.roles, all: knownRoles)
    } catch {
      logger.error("reload refused, what was in force stays", metadata: ["reason": "\(error)"])
      return false
    }
    switch loading.load() {
    case .failure(let refused):
      refused.log(logger, "reload refused, the acts in force stay")
      return false
    case .success(let snapshot):
      acts.replace(with: snapshot)
      roles.replace(with: table)
      rightsChanged()
      snapshot.log(logger, "reloaded", from: folder)
      return true
    }
  }
}
