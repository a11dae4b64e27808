// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The request messages of a streaming call, decoded as they are taken.
package struct RequestMessages<Message: WireMessage>: AsyncSequence, Sendable {
  private let stream: RequestStream

  package init(_ stream: RequestStream) { self.stream = stream }

  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var iterator: RequestStream.AsyncIterator

    /// Whether `next` would not wait: for those who take together what has come.
    package var isWaiting: Bool { self.iterator.isWaiting }

    package mutating func next() async throws(Status) -> Message? {
      guard let body = try await self.iterator.next() else { return nil }
      return try Message.decode(body)
    }
  }

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(iterator: self.stream.makeAsyncIterator()) }

  /// The one message of a call that takes one.
  package func only() async throws(Status) -> Message {
    var iterator = self.makeAsyncIterator()
    guard let message = try await iterator.next() else { throw .unexpectedMessage("The call has no request message") }
    return message
  }
}

/// Sends the response messages of a streaming call.
package struct ResponseSender<Message: WireMessage>: Sendable {
  private let stream: ResponseStream

  package init(_ stream: ResponseStream) { self.stream = stream }

  /// Returns when the message is queued; waits while the client has given no credit, throws when the call has ended.
  package func send(_ message: Message) async throws(Status) { try await self.stream.send(JSONCoding.encode(message)) }
}
