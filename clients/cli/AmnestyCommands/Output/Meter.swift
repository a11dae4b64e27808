// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// How far the daemon says it is, on a terminal's standard error.
package struct Meter {
  private let unit: String
  private let terminal: Terminal
  private let started = ContinuousClock.now
  private var shown: ContinuousClock.Instant?

  package init(unit: String, terminal: Terminal = .error) {
    self.unit = unit
    self.terminal = terminal
  }

  package mutating func show(done: Int, of total: Int) {
    guard let width = self.terminal.width else { return }
    let now = ContinuousClock.now
    if let shown, now - shown < .milliseconds(100) { return }
    self.shown = now
    let line = Progress.line(
      records: done, position: done, total: total, elapsed: now - self.started, unit: self.unit,
      language: self.terminal.language)
    StandardError.write("\r\u{1B}[K" + line.clipped(to: width - 1))
  }

  /// Leaves a clean line behind.
  package mutating func finish() {
    if self.shown != nil { StandardError.write("\r\u{1B}[K") }
    self.shown = nil
  }
}
