// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
package import NIOCore

/// Both directions of one streaming call as its caller sees them: what has arrived, what may be sent, how it ended.
///
/// A value without side effects. `Reader` and `Sender` are the owner's handles on whoever waits; there is at most one of each.
package struct StreamStateMachine<Reader: Sendable, Sender: Sendable>: Sendable {
  package enum ReadAction {
    /// Items that have arrived, at least one.
    case deliver([ByteBuffer])
    /// Nothing is left: the call has ended.
    case finish(CallOutcome)
    /// The reader is kept until there is something.
    case wait
  }

  package enum SendAction: Equatable {
    /// There is credit.
    case send(id: UInt64)
    /// The call has ended: nobody takes more.
    case stop
    /// The sender is kept until there is credit.
    case wait
  }

  private var inbox: [ByteBuffer] = []
  private var outcome: CallOutcome?
  private var reader: Reader?
  private var sender: Sender?
  /// nil until the call frame was sent.
  package private(set) var id: UInt64?
  private var credit: Int64 = 0

  package init() {}

  /// The call frame was sent; its items may follow.
  ///
  /// - Returns: who waits to send.
  package mutating func started(id: UInt64, credit: Int64) -> Sender? {
    self.id = id
    return self.granted(credit)
  }

  /// - Returns: who waits to send, if there is credit now.
  package mutating func granted(_ bytes: Int64) -> Sender? {
    // Both are at most the greatest integer of the wire, so the sum is exact; beyond it the credit stays there, as the server counts.
    self.credit = min(self.credit + bytes, WireLimits.largestInteger)
    guard self.credit > 0, self.outcome == nil, self.id != nil else { return nil }
    return self.sender.take()
  }

  /// - Returns: who waits for the items; nil where they were kept.
  package mutating func received(_ items: [ByteBuffer]) -> Reader? {
    guard self.outcome == nil else { return nil }
    if let reader = self.reader.take() { return reader }
    self.inbox.append(contentsOf: items)
    return nil
  }

  /// The call has ended; only the first end counts. A cancelled call delivers no more, any other what had arrived.
  package mutating func finished(_ outcome: CallOutcome) -> (reader: Reader?, sender: Sender?) {
    guard self.outcome == nil else { return (nil, nil) }
    self.outcome = outcome
    if case .failed(let failure) = outcome, failure.status.code == .cancelled { self.inbox = [] }
    return (self.reader.take(), self.sender.take())
  }

  /// - Parameter reader: who waits if there is nothing yet; nil only looks.
  package mutating func read(_ reader: Reader?) -> ReadAction {
    if !self.inbox.isEmpty {
      let items = self.inbox
      self.inbox = []
      return .deliver(items)
    }
    if let outcome = self.outcome { return .finish(outcome) }
    if let reader { self.reader = reader }
    return .wait
  }

  /// - Parameter sender: who waits if there is no credit; nil only looks.
  package mutating func requestSend(_ sender: Sender?) -> SendAction {
    if self.outcome != nil { return .stop }
    if let id = self.id, self.credit > 0 { return .send(id: id) }
    if let sender { self.sender = sender }
    return .wait
  }

  /// An item of so many bytes was sent; it may overdraw.
  package mutating func charge(_ bytes: Int) {
    self.credit -= Int64(bytes)
  }
}
