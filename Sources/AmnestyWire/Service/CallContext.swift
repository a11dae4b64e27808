// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// Who is at the other end, as the kernel told at accept.
package struct PeerIdentity: Sendable, Hashable {
  package var uid: UInt32
  package var gid: UInt32
  package var pid: Int32
  /// Supplementary groups.
  package var groups: [UInt32]

  package init(uid: UInt32, gid: UInt32, pid: Int32, groups: [UInt32] = []) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.groups = groups
  }
}

/// What a handler knows of its call besides the messages.
package struct CallContext: Sendable {
  package var method: MethodDescriptor
  package var peer: PeerIdentity
  /// The roles that the caller holds on this listener: the actor's where there is one.
  package var roles: Set<String>
  /// The clerk for whom the principal says it speaks; asserted, not proven.
  package var actor: String?
  package var metadata: [String: [String]]
  /// When the call will be ended; nil where it has no deadline.
  package var deadline: NIODeadline?
  /// Unique on its connection.
  package var callID: UInt64

  package init(
    method: MethodDescriptor, peer: PeerIdentity, roles: Set<String> = [], actor: String? = nil, metadata: [String: [String]] = [:],
    deadline: NIODeadline? = nil, callID: UInt64 = 1
  ) {
    self.method = method
    self.peer = peer
    self.roles = roles
    self.actor = actor
    self.metadata = metadata
    self.deadline = deadline
    self.callID = callID
  }
}
