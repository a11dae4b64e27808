// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyServices
internal import Logging
internal import RPCServer
internal import ServiceLifecycle
internal import UnixSignals

/// Reads configuration and acts anew on SIGHUP and for those who call. What is new is built whole, then swapped; what is wrong is logged, and what is in force stays.
struct ReloadCoordinator: Service {
  let acts: ActsInForce
  let roles: RolesInForce
  /// Reads the configuration again, from where it was read before.
  let configuration: @Sendable () async throws(DaemonError) -> DaemonConfiguration
  let knownRoles: Set<String>
  let actSearch: ActSearch
  /// Tells the server that rights may have changed.
  let rightsChanged: @Sendable () -> Void
  /// Tells the server what peers may use from now on.
  let limitsChanged: @Sendable (ServerLimits) -> Void
  /// Tells the register the deployment's deadlines, needs and subscribers.
  let policyChanged: @Sendable (RegisterPolicy) -> Void
  let logger: Logger
  let level: LogLevelInForce
  let requests: ReloadRequests
  let notices: ServiceNotices

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown()
    await withDiscardingTaskGroup { group in
      group.addTask { await requests.serve { await reload() } }
      for await _ in signals { requests.want() }
      requests.close()
    }
  }

  /// Reads, and has what is new in force, or what was.
  func reload() async -> ReloadOutcome {
    notices.reloading()
    let outcome = await read()
    notices.reloaded(outcome)
    return outcome
  }

  private func read() async -> ReloadOutcome {
    let configuration: DaemonConfiguration
    let folder: String
    let loading: ActLoading
    let table: RoleTable
    do throws(DaemonError) {
      configuration = try await self.configuration()
      if let acts = configuration.acts { folder = acts } else { folder = try actSearch.find() }
      loading = ActLoading(folder: folder, defaultAct: configuration.defaultAct)
      table = try RoleTable(configuration, all: knownRoles)
    } catch {
      logger.error("reload refused, what was in force stays", metadata: ["reason": "\(error)"])
      return .refused([ReloadProblem(error)])
    }
    switch loading.load() {
    case .failure(let refused):
      refused.log(logger, "reload refused, what was in force stays")
      return .refused(refused.problems.map { ReloadProblem($0) })
    case .success(let snapshot):
      do throws(DaemonError) {
        try configuration.deployment.checkBodies(named: snapshot)
      } catch {
        logger.error("reload refused, what was in force stays", metadata: ["reason": "\(error)"])
        return .refused([ReloadProblem(error)])
      }
      level.replace(with: configuration.logLevel)
      limitsChanged(configuration.limits)
      policyChanged(RegisterPolicy(configuration.deployment, acts: snapshot))
      acts.replace(with: snapshot)
      roles.replace(with: table)
      rightsChanged()
      snapshot.log(logger, "reloaded", from: folder)
      return .inForce(snapshot)
    }
  }
}

extension ReloadProblem {
  /// Errors of the configuration begin with their place.
  fileprivate init(_ error: DaemonError) {
    if let place = error.description.prefixMatch(of: #/([^ :]+:[0-9]+:[0-9]+): /#) {
      self.init(place: String(place.1), message: String(error.description[place.range.upperBound...]))
    } else {
      self.init(place: "", message: error.description)
    }
  }

  fileprivate init(_ problem: FileProblem) {
    let place = problem.place == .unknown ? problem.file : "\(problem.file):\(problem.place.line):\(problem.place.column)"
    let text = problem.description
    self.init(place: place, message: text.hasPrefix(place + ": ") ? String(text.dropFirst(place.count + 2)) : text)
  }
}
