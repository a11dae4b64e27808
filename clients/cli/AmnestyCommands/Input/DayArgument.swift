// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ArgumentParser

/// A day of the calendar as YYYY-MM-DD: a slip is told once, and not once a record.
package struct DayArgument: ExpressibleByArgument, Equatable, Sendable {
  package let text: String

  package init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month), day >= 1
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= days[month - 1] else { return nil }
    text = argument
  }

  package var defaultValueDescription: String { text }
}
