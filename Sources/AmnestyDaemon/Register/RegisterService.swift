// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import Glibc
internal import Logging
internal import ServiceLifecycle

/// The register's life beside the server: its health is told, old keys go, and it is closed once the last call has ended.
struct RegisterService: Service {
  let register: any CaseRegister
  let health: HealthBoard
  let logger: Logger

  /// The services that cannot answer without the register; `EligibilityService` assesses without it.
  static let services: Set<String> = [
    "amnesty.v1.CaseService", "amnesty.v1.DecisionService", "amnesty.v1.WorkService", "amnesty.v1.AftercareService",
    "amnesty.v1.PropagationService", "amnesty.v1.AuditService",
  ]

  private static let look = Duration.seconds(1)
  /// Looks between two purges of old keys.
  private static let purgeEvery = 3600

  func run() async throws {
    var told: Unavailability?
    var looks = 0
    // Ends at the graceful shutdown, which reaches this service when the server has drained.
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      tell(&told)
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
    health.set(why == nil ? .serving : .notServing, of: RegisterService.services)
    if let why {
      logger.error("register unavailable", metadata: ["cause": "\(why.cause.rawValue)", "reason": "\(why.message)"])
    } else {
      logger.notice("register serves again")
    }
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
