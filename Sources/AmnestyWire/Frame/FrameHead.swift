// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a frame says, its body apart.
package enum FrameHead: Sendable, Equatable {
  case hello(HelloHead)
  case call(CallHead)
  case item(UInt64)
  case done(UInt64)
  case end(EndHead)
  case cancel(UInt64)
  case credit(UInt64, bytes: Int64)
  case ping(Int64)
  case pong(Int64)
  case goaway(GoawayHead)
  /// No kind that this version knows, but a member that starts with `x-`.
  case ignorable
}

package struct HelloHead: Sendable, Equatable {
  package var version: Int64
  package var agent: String?
  /// The longest frame that the sender accepts, in bytes after the length.
  package var maxFrame: Int64?
  /// The sender's initial credit for each stream towards it, in bytes.
  package var window: Int64?
  // The server's only:
  package var session: String?
  package var principal: String?
  package var roles: [String]?
  package var limits: [String: Int64]?

  package init(
    version: Int64 = WireLimits.version, agent: String? = nil, maxFrame: Int64? = nil, window: Int64? = nil, session: String? = nil,
    principal: String? = nil, roles: [String]? = nil, limits: [String: Int64]? = nil
  ) {
    self.version = version
    self.agent = agent
    self.maxFrame = maxFrame
    self.window = window
    self.session = session
    self.principal = principal
    self.roles = roles
    self.limits = limits
  }
}

package struct CallHead: Sendable, Equatable {
  package var id: UInt64
  package var method: MethodReference
  package var timeoutMilliseconds: Int64?
  package var window: Int64?
  package var open: Bool
  package var actor: String?
  package var metadata: [String: [String]]
  /// Why the call cannot be started although its head could be read: it costs the call only.
  package var violation: Status?

  package init(
    id: UInt64, method: MethodReference, timeoutMilliseconds: Int64? = nil, window: Int64? = nil, open: Bool = false,
    actor: String? = nil, metadata: [String: [String]] = [:], violation: Status? = nil
  ) {
    self.id = id
    self.method = method
    self.timeoutMilliseconds = timeoutMilliseconds
    self.window = window
    self.open = open
    self.actor = actor
    self.metadata = metadata
    self.violation = violation
  }
}

/// A method as a call names it.
package enum MethodReference: Sendable, Equatable {
  /// The index in the receiver's ``MethodTable``.
  case known(Int)
  case named(String)
}

package struct EndHead: Sendable, Equatable {
  package var id: UInt64
  /// nil: the call ended well.
  package var status: Status?

  package init(id: UInt64, status: Status? = nil) {
    self.id = id
    self.status = status
  }
}

package struct GoawayHead: Sendable, Equatable {
  /// Calls with a higher id were not executed and will not be.
  package var lastID: UInt64
  package var reason: String
  package var graceMilliseconds: Int64?
  /// For people.
  package var message: String?

  package init(lastID: UInt64, reason: String, graceMilliseconds: Int64? = nil, message: String? = nil) {
    self.lastID = lastID
    self.reason = reason
    self.graceMilliseconds = graceMilliseconds
    self.message = message
  }
}

/// Why a connection cannot go on: what was received is not the protocol.
package struct FrameError: Error, Sendable, Equatable {
  /// For people; goes into the goaway and the log.
  package var message: String

  package init(_ message: String) {
    self.message = message
  }
}
