// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Kleene's three values and the mark for what the act leaves open.
///
/// `open` behaves as a known value that lies between false and true: false beats it, and where it decides, a human decides.
package enum Truth: UInt8, Sendable {
  case no = 0
  case yes = 1
  case open = 2
  case unknown = 3

  package init(_ value: Bool) { self = value ? .yes : .no }

  /// In order of dominance: no, unknown, open, yes. An unknown beside an open may still become false, so it stays unknown.
  package static func && (a: Truth, b: Truth) -> Truth {
    if a == .no || b == .no { return .no }
    if a == .unknown || b == .unknown { return .unknown }
    return a == .open || b == .open ? .open : .yes
  }

  /// In order of dominance: yes, unknown, open, no.
  package static func || (a: Truth, b: Truth) -> Truth {
    if a == .yes || b == .yes { return .yes }
    if a == .unknown || b == .unknown { return .unknown }
    return a == .open || b == .open ? .open : .no
  }

  package static prefix func ! (a: Truth) -> Truth {
    switch a {
    case .no: .yes
    case .yes: .no
    case .open, .unknown: a
    }
  }
}
