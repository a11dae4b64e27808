// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Systemd

/// Tells the service manager that the daemon is alive, as long as every probe comes back.
///
/// The ping is sent from the pool of threads that calls run on, so one that is stuck sends none; what else must work is for the probes to show.
struct WatchdogService: Service {
  /// How long the service manager waits.
  let interval: Duration
  let probes: [any WatchdogProbe]
  let notices: ServiceNotices
  let logger: Logger
  var clock = WatchdogClock.system

  /// What no progress is tolerated for: 10 s, and never more than half of what the manager waits.
  static func patience(_ interval: Duration) -> Duration { min(.seconds(10), interval / 2) }

  func run() async throws {
    let record = ProgressRecord(WatchdogJudge(probes: probes.map(\.name), patience: Self.patience(interval), start: clock.now()))
    let pause = interval / 4
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        for probe in probes {
          group.addTask {
            while !Task.isCancelled {
              await probe.probe()
              record.judge.withLock { $0.progressed(probe.name, at: clock.now()) }
              await clock.sleep(pause)
            }
          }
        }
        var wasAlive = true
        while !Task.isCancelled {
          wasAlive = ping(record.judge.withLock { $0.verdict(at: clock.now()) }, wasAlive: wasAlive)
          await clock.sleep(pause)
        }
        group.cancelAll()
      }
    }
  }

  /// Pings or says why not; while calls are being ended the listeners are closed, and only this task can show progress.
  private func ping(_ verdict: WatchdogJudge.Verdict, wasAlive: Bool) -> Bool {
    switch verdict {
    case .wedged(let late) where !notices.isDraining:
      if wasAlive {
        logger.critical("no progress, the watchdog is told nothing", metadata: ["watchdog.late": .array(late.map { .string($0) })])
      }
      return false
    case .alive, .wedged:
      notices.alive()
      return true
    }
  }

  private final class ProgressRecord: Sendable {
    let judge: Mutex<WatchdogJudge>
    init(_ judge: WatchdogJudge) { self.judge = Mutex(judge) }
  }
}

/// The time that a watchdog goes by.
struct WatchdogClock: Sendable {
  /// Since any fixed moment.
  var now: @Sendable () -> Duration
  /// Returns early where the task is cancelled.
  var sleep: @Sendable (Duration) async -> Void

  static let system: WatchdogClock = {
    let clock = ContinuousClock()
    let start = clock.now
    return WatchdogClock(now: { clock.now - start }, sleep: { try? await clock.sleep(for: $0) })
  }()
}
