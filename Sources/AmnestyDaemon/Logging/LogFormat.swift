// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
package import Logging
internal import Systemd

/// How the log is written.
package enum LogFormat: String, Sendable, CaseIterable {
  /// Entries of the journal where standard error leads there, lines for a person where it is a terminal, JSON otherwise.
  case auto
  /// Entries of the journal with fields.
  case journal
  /// One JSON object a line.
  case json
  /// One line of text for a person.
  case human

  /// The format to use when standard error is what it is.
  package func resolved(isTerminal: Bool = isatty(STDERR_FILENO) == 1, isJournal: Bool = false) -> LogFormat {
    guard self == .auto else { return self }
    if isJournal { return .journal }
    return isTerminal ? .human : .json
  }

  /// Makes the log of the whole process.
  package func handler(label: String, level: Logger.Level, environment: [String: String] = [:]) -> any LogHandler {
    switch resolved(isJournal: JournalStream.isJournal(STDERR_FILENO, environment: environment)) {
    case .journal:
      JournalLogHandler(label: label, level: level, prefix: "AMNESTY", messageIDs: MessageIDs.all)
    case .human:
      HumanLogHandler(level: level, isColoured: isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil)
    case .json, .auto:
      JSONLogHandler(label: label, level: level)
    }
  }
}

/// Writes whole lines to a file descriptor, each in one call, so that the lines of threads do not mix.
struct LineWriter: Sendable {
  var file: Int32 = STDERR_FILENO

  func write(_ line: String) {
    var line = line
    line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(file, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        // A log that cannot be written is no reason to stop serving.
        if count <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}

/// The time of day, UTC, to the millisecond: `2022-11-03T06:00:00.000Z`.
enum LogTime {
  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return text(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
  }

  static func text(seconds: Int, milliseconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
    let clock = "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    return "\(day)T\(clock).\(padded(milliseconds, 3))Z"
  }
}
