// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Something that must make progress for the service to be alive.
package protocol WatchdogProbe: Sendable {
  /// How the log names it.
  var name: String { get }
  /// Returns when there was progress. Any answer is progress, an error too; only what does not come back is wedged.
  func probe() async
}
