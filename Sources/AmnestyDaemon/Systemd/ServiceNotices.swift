// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyServices
internal import Glibc
internal import Logging
internal import Synchronization
internal import Systemd

/// What the daemon tells its service manager: that it is ready, reloads, stops, is alive. Where there is none, nobody is told.
final class ServiceNotices: Sendable {
  private struct State {
    var serving = ""
    var isDraining = false
  }

  private let state = Mutex(State())
  private let logger: Logger
  private let tell: @Sendable (Notification) throws(SystemdError) -> Void

  init(
    logger: Logger,
    tell: @escaping @Sendable (Notification) throws(SystemdError) -> Void = { (notification) throws(SystemdError) in
      try ServiceManager().notify(notification)
    }
  ) {
    self.logger = logger
    self.tell = tell
  }

  /// Whether calls are being ended: the listeners are closed then, and no probe of them can come back.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  func ready(_ acts: ActSnapshot) {
    let serving = Self.describe(acts)
    state.withLock { $0.serving = serving }
    send(.ready + .status(serving))
  }

  func reloading() {
    guard !isDraining else { return }
    send(.reloading(monotonicMicroseconds: ServiceManager.monotonicMicroseconds) + .status("Reloading configuration and acts"))
  }

  /// Ready again, whatever became of the reload: a manager that hears nothing waits until its timeout.
  func reloaded(_ outcome: ReloadOutcome) {
    guard !isDraining else { return }
    switch outcome {
    case .inForce(let acts):
      ready(acts)
    case .refused(let problems):
      let serving = state.withLock { $0.serving }
      send(.ready + .status("\(serving); last reload refused: \(problems.first?.description ?? "")"))
    case .stopping:
      break
    }
  }

  /// The stop may take as long as calls are given, and a little to write the last answers.
  func draining(seconds: Int) {
    state.withLock { $0.isDraining = true }
    send(.stopping + .status("Ending calls") + .extendTimeout(microseconds: UInt64(seconds + 10) * 1_000_000))
  }

  func alive() { send(.watchdog) }

  /// The daemon cannot start, and says why before it goes.
  func failed(_ error: DaemonError) {
    send(.status("Cannot start: \(error.description)") + .failure(errno: error.kind.errorNumber))
  }

  private func send(_ notification: Notification) {
    do throws(SystemdError) {
      try tell(notification)
    } catch {
      logger.warning("the service manager cannot be told", metadata: ["reason": "\(error)"])
    }
  }

  private static func describe(_ acts: ActSnapshot) -> String {
    let count = acts.ids.count == 1 ? "1 act" : "\(acts.ids.count) acts"
    guard let act = acts.defaultAct?.file.definition else { return "Serving \(count)" }
    return "Serving \(count); \(act.id) \(act.version) where none is named"
  }
}

extension DaemonError.Kind {
  /// The errno nearest to it.
  var errorNumber: Int32 {
    switch self {
    case .usage, .configuration, .badData: EINVAL
    case .noInput: ENOENT
    case .cannotCreate: EIO
    case .noPermission: EACCES
    case .readOnlyFileSystem: EROFS
    case .temporary: EBUSY
    case .system: EIO
    }
  }
}
