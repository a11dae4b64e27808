// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// When failures that have passed by the time somebody looks are told: the first at once, those that follow together, so that the log does not fill.
struct PassingFailures {
  private static let looksBetween = 60

  private var told: Int64 = 0
  private var nextLook = 0

  /// How many to tell of now; nil: none. `count`: all there were since the start.
  mutating func toTell(of count: Int64, at look: Int) -> Int64? {
    guard count > told, look >= nextLook else { return nil }
    defer { told = count }
    nextLook = look + Self.looksBetween
    return count - told
  }
}
