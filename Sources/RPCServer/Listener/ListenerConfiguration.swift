// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// One way into the server.
package struct ListenerConfiguration: Sendable {
  package enum Address: Sendable, Equatable {
    /// A socket file, made with `mode` (permission bits) and removed at the end. Folders above it are made as needed, with 0700.
    case path(String, mode: UInt32 = 0o600)
    /// A Unix stream socket that somebody else has bound, such as systemd; the server closes it and removes nothing.
    case descriptor(CInt)
  }

  package var address: Address
  /// The roles that callers may use here, of those they hold; nil: all.
  package var roles: Set<String>?
  /// How the log names it; nil: by its address.
  package var label: String?

  package init(_ address: Address, roles: Set<String>? = nil, label: String? = nil) {
    self.address = address
    self.roles = roles
    self.label = label
  }

  /// How the log names it.
  package var name: String {
    if let label { return label }
    switch address {
    case .path(let path, _): return path
    case .descriptor(let descriptor): return "descriptor \(descriptor)"
    }
  }
}
