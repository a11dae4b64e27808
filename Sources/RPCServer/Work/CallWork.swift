// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import DequeModule
internal import NIOCore

/// What works for an open call.
enum CallWork {
  /// The one message, or the end of the requests, is awaited.
  case collecting(CallContext, ByteBuffer?)
  case inlineStream(InlineStream)
  case task(TaskCall)

  func cancel(_ status: Status) {
    switch self {
    case .collecting: break
    case .inlineStream(let stream): stream.items = []
    case .task(let task): task.conduit.cancel(status)
    }
  }
}

/// A stream whose items are answered on the event loop, one by one.
final class InlineStream {
  struct Item {
    var body: ByteBuffer
    var isCredited: Bool
  }

  let answer: InlineItemHandler
  /// Items that wait for credit, for the socket or for a turn: bounded by the credit that the client was given.
  var items: Deque<Item> = []
  var isComplete: Bool
  /// A task answers a large item; the next ones wait for it.
  var isBusy = false

  init(_ answer: @escaping InlineItemHandler, isComplete: Bool) {
    self.answer = answer
    self.isComplete = isComplete
  }
}

/// A call that a task works for.
final class TaskCall {
  let conduit: CallConduit
  let call: CallContext
  /// Among the methods of the server.
  let method: Int
  /// When the task was given the whole request, or the first of it.
  let began: NIODeadline
  /// What the task returned, while responses are still to be sent.
  var result: Result<ByteBuffer?, Status>?

  init(_ conduit: CallConduit, _ call: CallContext, method: Int, began: NIODeadline) {
    self.conduit = conduit
    self.call = call
    self.method = method
    self.began = began
  }
}
