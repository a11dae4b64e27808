// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import CSystemd

/// How long the service manager waits for a sign of life (WatchdogSec=).
package enum WatchdogInterval {
  /// Nil where nobody waits: WATCHDOG_USEC is not set, or WATCHDOG_PID is another process.
  package static func current() throws(SystemdError) -> Duration? {
    var microseconds: UInt64 = 0
    let enabled = try SystemdError.check("read the watchdog's interval", sd_watchdog_enabled(0, &microseconds))
    return enabled > 0 ? .microseconds(microseconds) : nil
  }
}
