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

  /// What no progress is tolerated for: 10 s, and never more than half of what the manager waits.
  static func patience(_ interval: Duration) -> Duration { min(.seconds(10), interval / 2) }

  func run() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let record = ProgressRecord(WatchdogJudge(probes: probes.map(\.name), patience: Self.patience(interval), start: .zero))
    let pause = interval / 4
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        for probe in probes {
          group.addTask {
            while !Task.isCancelled {
              await probe.probe()
              record.judge.withLock { $0.progressed(probe.name, at: clock.now - start) }
              try? await clock.sleep(for: pause)
            }
          }
        }
        var wasAlive = true
        while !Task.isCancelled {
          wasAlive = ping(record.judge.withLock { $0.verdict(at: clock.now - start) }, wasAlive: wasAlive)
          try? await clock.sleep(for: pause)
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
