// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
internal import DequeModule
package import NIOCore

/// What an import has handed out and what of it is durable: after a break it tells what is to be sent again.
///
/// The daemon answers in the order of the items, so the oldest that waits is the one answered next.
package struct ImportLedger: Sendable {
  /// A record of the file.
  package struct Entry: Sendable {
    /// Its place among the records of the file, from 0.
    package var index: Int
    /// The line of the file, from 1, and the bytes up to its end.
    package var line: Int
    package var position: Int
    package var reference: String?
    package var record: ByteBuffer
    /// Why it is not sent at all.
    package var failure: Status?

    package init(
      index: Int, line: Int, position: Int = 0, reference: String? = nil, record: ByteBuffer = ByteBuffer(), failure: Status? = nil
    ) {
      self.index = index
      self.line = line
      self.position = position
      self.reference = reference
      self.record = record
      self.failure = failure
    }
  }

  /// Not answered yet, oldest first.
  private var waiting = Deque<Entry>()
  /// How many of those the present stream has been given.
  private var handedOut = 0
  /// How many items the present stream has answered.
  private var answered = 0
  /// Records answered in all.
  package private(set) var acknowledged = 0

  package init() {}

  package var isEmpty: Bool { self.waiting.isEmpty }

  /// The next record that the present stream has not been given, because an earlier one broke; nil where the file goes on.
  package mutating func nextToRepeat() -> Entry? {
    while self.handedOut < self.waiting.count {
      let entry = self.waiting[self.handedOut]
      self.handedOut += 1
      if entry.failure == nil { return entry }
    }
    return nil
  }

  /// A record was read from the file and, unless it failed, goes out on the present stream.
  package mutating func add(_ entry: Entry) {
    self.waiting.append(entry)
    self.handedOut += 1
  }

  /// The present stream has answered its item of that index.
  ///
  /// - Returns: the records that are settled now, in the order of the file: those that were not sent before the one answered, and that one last.
  /// - Throws: INTERNAL where it is not the next item, or none was sent.
  package mutating func acknowledge(item index: Int) throws(Status) -> [Entry] {
    var settled = self.takeFailures()
    guard index == self.answered, self.handedOut > 0, let entry = self.waiting.popFirst() else {
      throw Status(
        .internal, reason: "UNEXPECTED_ITEM",
        Text.importUnexpectedItem(.ofUser(), got: "\(index)", expected: "\(self.answered)"))
    }
    self.handedOut -= 1
    self.answered += 1
    self.acknowledged += 1
    settled.append(entry)
    return settled
  }

  /// The stream broke: what waits is to be sent again, on a stream whose items count from 0.
  package mutating func restart() {
    self.handedOut = 0
    self.answered = 0
  }

  /// What is left at the end: records that were not sent because they are none.
  package mutating func finish() -> [Entry] {
    self.takeFailures()
  }

  private mutating func takeFailures() -> [Entry] {
    var failures: [Entry] = []
    while let first = self.waiting.first, first.failure != nil, self.handedOut > 0 {
      self.waiting.removeFirst()
      self.handedOut -= 1
      self.acknowledged += 1
      failures.append(first)
    }
    return failures
  }
}
