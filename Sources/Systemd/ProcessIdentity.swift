// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import CSystemd

/// Which run of which boot this is; 32 hexadecimal digits each.
package enum ProcessIdentity {
  /// The boot of the host; nil where the kernel does not tell.
  package static var bootID: String? { text { sd_id128_get_boot(&$0) } }

  /// This start of the service (INVOCATION_ID); nil outside of a service manager.
  package static var invocationID: String? { text { sd_id128_get_invocation(&$0) } }

  private static func text(_ read: (inout sd_id128_t) -> Int32) -> String? {
    var id = sd_id128_t()
    guard read(&id) >= 0 else { return nil }
    var digits = [CChar](repeating: 0, count: 33)
    return String(cString: sd_id128_to_string(id, &digits))
  }
}
