// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore

/// What one read tells the callers, gathered under the lock and told after it: items of one stream that came in a row go as one batch.
struct Effects {
  private enum Effect {
    case items([ByteBuffer], StreamingCall)
    case grant(Int64, StreamingCall)
    case finish(OutgoingCall, CallOutcome)
  }

  private var effects: [Effect] = []
  private var batch: [ByteBuffer] = []
  private var batchCall: StreamingCall?

  mutating func item(_ body: ByteBuffer, to call: OutgoingCall) {
    guard case .stream(let stream) = call.sink else { return }
    if self.batchCall !== stream {
      self.closeBatch()
      self.batchCall = stream
    }
    self.batch.append(body)
  }

  mutating func grant(_ bytes: Int64, to call: OutgoingCall) {
    // Credit does not depend on what came before it, so it does not break a batch.
    if case .stream(let stream) = call.sink { self.effects.append(.grant(bytes, stream)) }
  }

  mutating func finish(_ call: OutgoingCall, _ outcome: CallOutcome) {
    if case .stream = call.sink { self.closeBatch() }
    self.effects.append(.finish(call, outcome))
  }

  mutating func perform() {
    self.closeBatch()
    for effect in self.effects {
      switch effect {
      case .items(let items, let stream): stream.received(items)
      case .grant(let bytes, let stream): stream.granted(bytes)
      case .finish(let call, let outcome): call.finish(outcome)
      }
    }
    self.effects = []
  }

  private mutating func closeBatch() {
    guard let call = self.batchCall.take() else { return }
    self.effects.append(.items(self.batch, call))
    self.batch = []
  }
}
