// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import CSystemd
internal import Glibc

/// The service manager that has started this process, where one has.
///
/// Every call reads NOTIFY_SOCKET anew and leaves it in the environment: one that takes it away would silence all that follow.
package struct ServiceManager: Sendable {
  package init() {}

  /// Tells the manager.
  ///
  /// - Returns: false where there is none that wants to be told.
  @discardableResult
  package func notify(_ notification: Notification) throws(SystemdError) -> Bool {
    try SystemdError.check("notify the service manager", sd_notify(0, notification.text)) > 0
  }

  /// Waits until the manager has taken in all that was said before.
  @discardableResult
  package func barrier(timeout: Duration) throws(SystemdError) -> Bool {
    let parts = max(.zero, timeout).components
    let microseconds = UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds / 1_000_000_000_000)
    return try SystemdError.check("wait for the service manager", sd_notify_barrier(0, microseconds)) > 0
  }

  /// Has descriptors kept over a restart of the service (FileDescriptorStoreMax=); they come back among ``InheritedDescriptors``.
  @discardableResult
  package func store(_ descriptors: [CInt], name: String) throws(SystemdError) -> Bool {
    let text = Notification.storeDescriptors(name: name).text
    return try SystemdError.check(
      "store descriptors with the service manager", sd_pid_notify_with_fds(0, 0, text, descriptors, UInt32(descriptors.count))) > 0
  }

  /// Has those closed that are kept under this name.
  @discardableResult
  package func removeStored(name: String) throws(SystemdError) -> Bool { try notify(.removeDescriptors(name: name)) }

  /// Now by CLOCK_MONOTONIC, as a reload is to tell it.
  package static var monotonicMicroseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
