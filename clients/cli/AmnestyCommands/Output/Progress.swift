// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts
internal import Glibc

/// How far a long job is, on a terminal's standard error: the share done, the rate, and the time left.
package struct Progress {
  private let total: Int?
  /// What is counted.
  private let unit: String
  private let terminal: Terminal
  private let started: ContinuousClock.Instant
  private var shown: ContinuousClock.Instant
  private var records = 0
  private var isShown = false

  /// - Parameter total: of the whole, in bytes or whatever positions are told in; nil where nobody knows.
  package init(total: Int?, unit: String = "records", terminal: Terminal = .error) {
    self.total = total
    self.unit = unit
    self.terminal = terminal
    self.started = .now
    self.shown = .now
  }

  /// One record more is done, which ends at a position of the file.
  package mutating func advance(to position: Int) {
    self.records += 1
    // Looking at the clock costs more than a record does.
    guard self.terminal.width != nil, self.records % 64 == 0 else { return }
    let now = ContinuousClock.now
    guard now - self.shown >= .milliseconds(100) else { return }
    self.shown = now
    self.isShown = true
    let line = Self.line(
      records: self.records, position: position, total: self.total, elapsed: now - self.started, unit: self.unit,
      language: self.terminal.language)
    StandardError.write("\r\u{1B}[K" + line.clipped(to: (self.terminal.width ?? 80) - 1))
  }

  /// Leaves a clean line behind.
  package mutating func finish() {
    if self.isShown { StandardError.write("\r\u{1B}[K") }
    self.isShown = false
  }

  package static func line(
    records: Int, position: Int, total: Int?, elapsed: Duration, unit: String = "records", language: Language = .en
  ) -> String {
    let seconds = max(elapsed / .seconds(1), 0.001)
    let rate = Double(records) / seconds
    let speed = Text.progressCount(
      language, count: "\(records)", unit: Words.progressUnit(unit, language) ?? unit, rate: "\(Int(rate))")
    guard let total, total > 0, position > 0 else { return speed }
    let share = min(1, Double(position) / Double(total))
    let left = Int((seconds * (1 - share) / share).rounded(.up))
    let filled = Int(share * 20)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
    let time = "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
    return "[\(bar)] \(Int(share * 100))%  \(speed), \(Text.progressLeft(language, time: time))"
  }
}
