// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The version of the daemon, as `--version` and the server's hello say it.
package enum DaemonVersion {
  package static let number = "0.1.0"
  package static let text = "amnestyd \(number)"
}
