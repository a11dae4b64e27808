// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// How one try of a call ended.
enum CallOutcome: Sendable {
  /// The daemon ended it OK, with the response where the kind has one.
  case ended(ByteBuffer?)
  case failed(CallFailure)
}

/// Why one try of a call failed.
struct CallFailure: Error, Sendable, Equatable {
  var status: Status
  /// The daemon has not executed the call and never will: it was not sent, or its id is above the goaway.
  var neverExecuted: Bool

  init(_ status: Status, neverExecuted: Bool = false) {
    self.status = status
    self.neverExecuted = neverExecuted
  }
}
