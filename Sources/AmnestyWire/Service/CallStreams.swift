// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// The two directions of a streaming call, as a transport carries them.
package protocol CallStreams: Sendable {
  /// The next request message; nil after the client's last. Taking it gives the client credit for it.
  func nextRequest() async throws(Status) -> ByteBuffer?
  /// Whether `nextRequest` would return, or throw, at once.
  var isRequestWaiting: Bool { get }
  /// Sends one response message; waits while the client has given no credit.
  func send(_ body: ByteBuffer) async throws(Status)
}

/// The request messages of a call, for one reader.
package struct RequestStream: AsyncSequence, Sendable {
  private let streams: any CallStreams

  package init(_ streams: any CallStreams) {
    self.streams = streams
  }

  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let streams: any CallStreams

    /// Whether `next` would not wait: for those who take together what has come.
    package var isWaiting: Bool { streams.isRequestWaiting }

    package mutating func next() async throws(Status) -> ByteBuffer? {
      try await streams.nextRequest()
    }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(Status) -> ByteBuffer? {
      try await streams.nextRequest()
    }
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(streams: streams)
  }
}

/// The response messages of a call, for one writer.
package struct ResponseStream: Sendable {
  private let streams: any CallStreams

  package init(_ streams: any CallStreams) {
    self.streams = streams
  }

  /// Sends one message. Returns when it is queued; waits while the client has given no credit. Throws when the call has ended.
  package func send(_ body: ByteBuffer) async throws(Status) {
    try await streams.send(body)
  }
}
