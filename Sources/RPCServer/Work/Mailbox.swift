// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Synchronization

/// What the tasks of a connection have to tell it: many letters, one wake-up of its event loop.
final class Mailbox: Sendable {
  enum Letter: Sendable {
    /// The work of a call has returned.
    case finished(UInt64, Result<ByteBuffer?, Status>)
    /// A task has answered one item of an inline stream.
    case answered(UInt64, consumed: Int, Result<ByteBuffer, Status>)
    /// Request messages were taken, whose bodies had so many bytes.
    case consumed(UInt64, bytes: Int)
    /// Responses are there to be sent.
    case responses(UInt64)
  }

  private struct State {
    var letters: [Letter] = []
    var isAwake = false
    /// nil once the connection is gone.
    var wake: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  init() {}

  /// Names what is called, on any thread, when the first letter has come.
  func open(wake: @escaping @Sendable () -> Void) {
    self.state.withLock { $0.wake = wake }
  }

  /// What comes from now on is thrown away.
  func close() {
    self.state.withLock {
      $0.wake = nil
      $0.letters = []
    }
  }

  func post(_ letter: Letter) {
    let wake = self.state.withLock { state -> (@Sendable () -> Void)? in
      guard let wake = state.wake else { return nil }
      state.letters.append(letter)
      if state.isAwake { return nil }
      state.isAwake = true
      return wake
    }
    wake?()
  }

  func collect() -> [Letter] {
    self.state.withLock { state in
      state.isAwake = false
      defer { state.letters = [] }
      return state.letters
    }
  }
}
