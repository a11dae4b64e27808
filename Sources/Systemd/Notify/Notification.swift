// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a service tells its manager; the assignments of one datagram of sd_notify(3).
package struct Notification: Sendable, Hashable {
  /// Lines of `NAME=value`.
  package var assignments: [String]

  private init(_ assignments: [String]) { self.assignments = assignments }

  /// Starting, or a reload, is finished.
  package static let ready = Notification(["READY=1"])

  /// A reload begins. The time is that of CLOCK_MONOTONIC: without it the manager could take an older READY for the answer.
  package static func reloading(monotonicMicroseconds: UInt64) -> Notification {
    Notification(["RELOADING=1", "MONOTONIC_USEC=\(monotonicMicroseconds)"])
  }

  /// The service ends.
  package static let stopping = Notification(["STOPPING=1"])

  /// One line for people; `systemctl status` shows it.
  package static func status(_ text: String) -> Notification { Notification(["STATUS=\(oneLine(text))"]) }

  /// Why the service fails, as an errno.
  package static func failure(errno: Int32) -> Notification { Notification(["ERRNO=\(errno)"]) }

  /// The running start, reload or stop may take so much longer from now on.
  package static func extendTimeout(microseconds: UInt64) -> Notification { Notification(["EXTEND_TIMEOUT_USEC=\(microseconds)"]) }

  /// The service makes progress.
  package static let watchdog = Notification(["WATCHDOG=1"])

  /// The manager should act as if the watchdog had expired.
  package static let watchdogTrigger = Notification(["WATCHDOG=trigger"])

  /// Descriptors sent along are to be kept over a restart, under this name.
  package static func storeDescriptors(name: String) -> Notification { Notification(["FDSTORE=1", "FDNAME=\(oneLine(name))"]) }

  /// Those kept under this name are to be closed.
  package static func removeDescriptors(name: String) -> Notification { Notification(["FDSTOREREMOVE=1", "FDNAME=\(oneLine(name))"]) }

  /// Both at once.
  package static func + (first: Notification, second: Notification) -> Notification {
    Notification(first.assignments + second.assignments)
  }

  package var text: String { assignments.joined(separator: "\n") }

  /// A line break would begin an assignment of somebody else's choosing.
  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
