// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A moment in UTC: milliseconds since 1970.
package struct Instant: Sendable, Hashable, Comparable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads what `text` writes, with or without a fraction.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z"), let day = Day(String(text.prefix(10))) else {
      return nil
    }
    func number(_ from: Int, _ width: Int) -> Int64? { Int64(String(decoding: bytes[from..<from + width], as: UTF8.self)) }
    guard let hours = number(11, 2), let minutes = number(14, 2), let seconds = number(17, 2), hours < 24, minutes < 60, seconds < 60,
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return nil }
    var fraction: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), bytes.count >= 22 else { return nil }
      for place in 0..<3 {
        let digit = 20 + place < bytes.count - 1 ? bytes[20 + place] &- UInt8(ascii: "0") : 0
        guard digit < 10 else { return nil }
        fraction = fraction * 10 + Int64(digit)
      }
    }
    milliseconds = Int64(day.number) * 86_400_000 + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + fraction
  }

  package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }

  /// The day in UTC; a caller's own day comes with its request.
  package var day: Day { Day(number: Int32(clamping: Instant.floor(milliseconds, 86_400_000))) }

  package func adding(milliseconds: Int64) -> Instant { Instant(milliseconds: self.milliseconds &+ milliseconds) }

  /// RFC 3339, always with milliseconds: `2022-11-03T08:15:00.000Z`. Its order as text is the order in time.
  package var text: String {
    let day = self.day
    let rest = Int(milliseconds - Int64(day.number) * 86_400_000)
    return String(unsafeUninitializedCapacity: 24) { out in
      var date = day.text
      _ = date.withUTF8 { out.update(fromContentsOf: $0) }
      func put(_ value: Int, _ at: Int, _ width: Int, then byte: UInt8) {
        var value = value
        for i in stride(from: at + width - 1, through: at, by: -1) {
          out[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
          value /= 10
        }
        out[at + width] = byte
      }
      out[10] = UInt8(ascii: "T")
      put(rest / 3_600_000, 11, 2, then: UInt8(ascii: ":"))
      put(rest / 60_000 % 60, 14, 2, then: UInt8(ascii: ":"))
      put(rest / 1000 % 60, 17, 2, then: UInt8(ascii: "."))
      put(rest % 1000, 20, 3, then: UInt8(ascii: "Z"))
      return 24
    }
  }

  private static func floor(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }
}

/// Where the time comes from; tests give their own.
package struct RegisterClock: Sendable {
  package var now: @Sendable () -> Instant

  package init(now: @escaping @Sendable () -> Instant) { self.now = now }
}

extension Instant {
  /// Reads what `text` writes; nil for another shape.
  package init?(text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 24, let day = Day(String(decoding: bytes[..<10], as: UTF8.self)) else { return nil }
    func number(_ range: Range<Int>) -> Int64? { Int64(String(decoding: bytes[range], as: UTF8.self)) }
    guard bytes[10] == UInt8(ascii: "T"), bytes[23] == UInt8(ascii: "Z"), let hour = number(11..<13), let minute = number(14..<16),
      let second = number(17..<19), let milli = number(20..<23)
    else { return nil }
    self.init(milliseconds: Int64(day.number) * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000 + milli)
  }
}
