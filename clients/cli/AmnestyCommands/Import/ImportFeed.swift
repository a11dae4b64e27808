// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import NIOCore
internal import Synchronization

/// The records of a file as the items of an import, stream after stream until each is answered.
package final class ImportFeed: Sendable {
  private let lines: LineReader
  private let ledger = Mutex(ImportLedger())
  private let suffix: String

  /// - Parameter office: the office that the cases belong to, where it is said.
  package init(_ file: InputFile, office: String?) {
    self.lines = LineReader(file)
    self.suffix = (office.map { ",\"office\":" + JSONText.quoted($0) } ?? "") + "}"
  }

  package func acknowledge(item index: Int) throws(Status) -> [ImportLedger.Entry] {
    try self.ledger.withLock { (ledger) throws(Status) in try ledger.acknowledge(item: index) }
  }

  package func restart() { self.ledger.withLock { $0.restart() } }
  package func finish() -> [ImportLedger.Entry] { self.ledger.withLock { $0.finish() } }
  package var isSettled: Bool { self.ledger.withLock { $0.isEmpty } }

  /// The items of the next stream.
  package var items: Items { Items(feed: self) }

  package struct Items: AsyncSequence, Sendable {
    let feed: ImportFeed

    package struct Iterator: AsyncIteratorProtocol {
      let feed: ImportFeed

      package mutating func next() async throws -> RawMessage? { try await self.feed.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(feed: self.feed) }
  }

  private func next() async throws -> RawMessage? {
    if let entry = self.ledger.withLock({ $0.nextToRepeat() }) { return self.message(entry) }
    while let (index, line) = try await self.lines.next() {
      var entry = ImportLedger.Entry(index: index, line: line.number, position: line.position, record: line.bytes)
      switch JSONText.string("reference", of: line.bytes) {
      case .failure(let status): entry.failure = status
      case .success(let reference): entry.reference = reference
      }
      let isSent = entry.failure == nil
      self.ledger.withLock { [entry] in $0.add(entry) }
      if isSent { return self.message(entry) }
    }
    return nil
  }

  private func message(_ entry: ImportLedger.Entry) -> RawMessage {
    var message = ByteBuffer()
    message.reserveCapacity(entry.record.readableBytes + 64)
    message.writeStaticString("{\"record\":")
    message.writeImmutableBuffer(entry.record)
    message.writeString(self.suffix)
    return RawMessage(message)
  }

  /// The file outlives the streams that carry it.
  private actor LineReader {
    private var iterator: RecordLines.Iterator
    private var count = 0

    init(_ file: InputFile) {
      self.iterator = RecordLines(file).makeAsyncIterator()
    }

    /// One stream reads at a time.
    func next() async throws -> (index: Int, line: RecordLines.Line)? {
      var iterator = self.iterator
      defer { self.iterator = iterator }
      guard let line = try await iterator.next() else { return nil }
      defer { self.count += 1 }
      return (self.count, line)
    }
  }
}
