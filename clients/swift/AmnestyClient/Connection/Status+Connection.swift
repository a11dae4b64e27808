// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Foundation
internal import NIOCore

extension Status {
  /// The client's own timer ran out.
  static var deadlinePassed: Status {
    Status(
      .deadlineExceeded, reason: "DEADLINE_EXCEEDED",
      "The call did not end in the time given. It may have been applied: ask again with the same idempotency key and more time.")
  }

  /// The scope of the client has ended.
  static var clientClosed: Status {
    Status(.failedPrecondition, reason: "CLIENT_CLOSED", "The client was used after its withConnection had returned. Make calls inside.")
  }

  /// A goaway has come, and the call is above its last id: it was not executed.
  static func wentAway(_ reason: String, _ message: String?) -> Status {
    switch reason {
    case "PROTOCOL_ERROR":
      Status(.internal, reason: reason, message ?? "The daemon says that this client broke the protocol. Report it.")
    case "UNIDENTIFIED_PEER":
      Status(.unauthenticated, reason: reason, message ?? "The kernel does not say who the caller is. Run it as a user of this host.")
    case "LIMIT_REACHED":
      Status(.unavailable, reason: reason, message ?? "The daemon has as many connections as it takes. Use fewer, or try again.")
    default: .draining()
    }
  }

  /// The socket could not be connected.
  static func cannotConnect(to place: String, _ error: any Error) -> Status {
    let code = (error as? IOError)?.errnoCode
    let why: String
    switch code {
    case ENOENT: why = "no socket is there. Start the daemon (systemctl start amnestyd), or name its socket"
    case ECONNREFUSED: why = "nobody listens on the socket. Start the daemon (systemctl start amnestyd)"
    case EAGAIN: why = "the daemon has more connections waiting than it takes. Try again"
    case EACCES, EPERM:
      return Status(
        .permissionDenied, reason: "SOCKET_NOT_PERMITTED",
        "\(place): this user may not open the socket. Ask the operator for membership in the socket's group.", info: ["socket": place])
    default: why = error is SocketAddressError ? "a socket's path has at most 107 bytes. Name a shorter one" : "\(error)"
    }
    return Status(.unavailable, reason: "CANNOT_CONNECT", "\(place): \(why).", info: ["socket": place])
  }
}
