// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyServices
internal import AmnestyWire
internal import Glibc
internal import Logging
internal import ServiceLifecycle

/// The register's life beside the server: its health is told, clocks that are over are too, old keys go, and it is closed once the last call
/// has ended.
struct RegisterService: Service {
  let register: any CaseRegister
  let health: HealthBoard
  let figures: Figures
  let today: @Sendable () -> Day
  let logger: Logger

  /// The services that cannot answer without the register; `EligibilityService` assesses without it.
  static let services: Set<String> = [
    "amnesty.v1.CaseService", "amnesty.v1.DecisionService", "amnesty.v1.WorkService", "amnesty.v1.AftercareService",
    "amnesty.v1.PropagationService", "amnesty.v1.AuditService",
  ]

  private static let look = Duration.seconds(1)
  /// Looks between two counts of the clocks that are over.
  private static let countEvery = 600
  /// Looks between two purges of old keys.
  private static let purgeEvery = 3600

  func run() async throws {
    var told: Unavailability?
    var failures = PassingFailures()
    var overdue = OverdueClocks()
    var looks = 0
    // Ends at the graceful shutdown, which reaches this service when the server has drained.
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      tell(&told)
      tell(&failures, at: looks)
      if looks % RegisterService.countEvery == 0 { await escalate(&overdue) }
      looks += 1
      if looks % RegisterService.purgeEvery == 0 { await purge() }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: RegisterService.look) }
    }
    await register.maintenance.close()
  }

  /// Says in health and log what has changed.
  private func tell(_ told: inout Unavailability?) {
    let why = register.unavailability
    guard why != told else { return }
    told = why
    health.set(failing: why != nil, of: RegisterService.services)
    if let why {
      logger.error("register unavailable", metadata: ["cause": "\(why.cause.rawValue)", "reason": "\(why.message)"])
    } else {
      logger.notice("register serves again")
    }
  }

  /// Says what failed between two looks, though the register serves when it is looked at.
  private func tell(_ failures: inout PassingFailures, at look: Int) {
    let statistics = register.maintenance.statistics
    guard let count = failures.toTell(of: statistics.failures + statistics.failedReads, at: look), let why = statistics.lastFailure else {
      return
    }
    logger.error(
      "the register has failed", metadata: ["failures": "\(count)", "cause": "\(why.cause.rawValue)", "reason": "\(why.message)"])
  }

  /// Says which clocks are over, whenever that has changed: a deadline of a person in detention is not to pass unseen.
  private func escalate(_ told: inout OverdueClocks) async {
    // Where the register cannot be read that is told already.
    guard let counts = try? await OverdueClocks.count(in: register, on: today()) else { return }
    figures.show(counts)
    guard counts != told else { return }
    told = counts
    guard !counts.cases.isEmpty else { return }
    logger.warning(
      "clocks are over",
      metadata: [
        "clocks": .array(counts.cases.sorted { $0.key.rawValue < $1.key.rawValue }.map { .string("\($0.key.rawValue)=\($0.value)") }),
        "detained": "\(counts.detained)",
      ])
  }

  private func purge() async {
    do {
      let gone = try await register.maintenance.purgeKeys()
      if gone > 0 { logger.debug("old idempotency keys dropped", metadata: ["keys": "\(gone)"]) }
    } catch {
      logger.warning("old idempotency keys not dropped", metadata: ["reason": "\(error)"])
    }
  }
}

extension RegisterClock {
  static let system = RegisterClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
