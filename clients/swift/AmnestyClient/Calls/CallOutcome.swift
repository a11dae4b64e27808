// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
package import NIOCore

/// How one try of a call ended.
package enum CallOutcome: Sendable {
  /// The daemon ended it OK, with the response where the kind has one.
  case ended(ByteBuffer?)
  case failed(CallFailure)
}

/// Why one try of a call failed.
package struct CallFailure: Error, Sendable, Equatable {
  package var status: Status
  /// The daemon has not executed the call and never will: it was not sent, or its id is above the goaway.
  package var neverExecuted: Bool

  package init(_ status: Status, neverExecuted: Bool = false) {
    self.status = status
    self.neverExecuted = neverExecuted
  }
}
