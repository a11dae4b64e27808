// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// Where the items of a stream come from: whole batches, so that a busy stream costs one suspension a read and not one an item.
package protocol ResponseItemSource: AnyObject, Sendable {
  /// The items that have arrived, at least one; nil once the call has ended OK.
  func nextBatch() async throws(Status) -> [ByteBuffer]?
  /// Says that items of so many bytes are done with, so that the sender may send as many more.
  func consumed(bytes: Int)
}

/// The responses of a streaming call, in the order they were sent; to be iterated once.
///
/// Ends when the daemon ended the call OK, and throws a ``Status`` when it ended otherwise or the connection was lost: a stream cut short never
/// looks like a complete one.
public struct ResponseMessages<Message: WireMessage>: AsyncSequence, Sendable {
  public typealias Element = Message
  public typealias Failure = Status

  private let source: any ResponseItemSource
  private let creditStep: Int

  /// - Parameter creditStep: bytes after which what was consumed is reported, so that credit is not sent item by item.
  package init(source: any ResponseItemSource, creditStep: Int) {
    self.source = source
    self.creditStep = creditStep
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(source: self.source, creditStep: self.creditStep)
  }

  public struct Iterator: AsyncIteratorProtocol {
    private let source: any ResponseItemSource
    private let creditStep: Int
    private var batch: [ByteBuffer] = []
    private var position = 0
    private var consumed = 0

    fileprivate init(source: any ResponseItemSource, creditStep: Int) {
      self.source = source
      self.creditStep = creditStep
    }

    public mutating func next() async throws(Status) -> Message? {
      try await self.next(isolation: nil)
    }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(Status) -> Message? {
      // What is left below a step is kept: the sender has at least three quarters of the window then.
      while self.position == self.batch.count {
        guard let batch = try await self.source.nextBatch() else { return nil }
        self.batch = batch
        self.position = 0
      }
      let item = self.batch[self.position]
      self.position += 1
      self.consumed += item.readableBytes
      if self.consumed >= self.creditStep { self.report() }
      return try Message.decode(item)
    }

    private mutating func report() {
      if self.consumed > 0 { self.source.consumed(bytes: self.consumed) }
      self.consumed = 0
    }
  }
}
