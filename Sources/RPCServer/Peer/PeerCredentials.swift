// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
internal import CPeerCredentials
internal import Glibc

extension PeerIdentity {
  /// The uid that stands for users the kernel cannot name here.
  private static let overflowUser: UInt32 = 65534

  /// Reads who connected `socket`. The kernel noted it at connect, so it cannot change and no pid is looked up.
  ///
  /// - Throws: ``PeerUnidentified`` where it cannot say: another pid or user namespace, or no Unix socket.
  package static func ofPeer(of socket: CInt) throws(PeerUnidentified) -> PeerIdentity {
    var peer = PeerIdentity(uid: 0, gid: 0, pid: 0)
    let result = amnesty_peer_credentials(socket, &peer.uid, &peer.gid, &peer.pid)
    guard result == 0 else { throw PeerUnidentified(reason: "the kernel does not tell: errno \(result)") }
    guard peer.uid != overflowUser else {
      throw PeerUnidentified(uid: peer.uid, reason: "uid \(overflowUser) stands for users of other user namespaces and for nobody")
    }
    guard peer.pid > 0 else { throw PeerUnidentified(uid: peer.uid, reason: "the peer is of another pid namespace") }
    var room = 64
    for _ in 0..<2 {
      var groups = [UInt32](repeating: 0, count: room)
      var count = room
      switch amnesty_peer_groups(socket, &groups, &count) {
      case 0:
        peer.groups = Array(groups.prefix(count))
        return peer
      case ERANGE:
        room = count
      case let code:
        throw PeerUnidentified(uid: peer.uid, reason: "the kernel does not tell the groups: errno \(code)")
      }
    }
    throw PeerUnidentified(uid: peer.uid, reason: "the peer's groups change while they are read")
  }
}

/// Why a peer is nobody that roles could be given to.
package struct PeerUnidentified: Error, Sendable, Hashable {
  /// What the kernel says of it, where it says anything.
  package var uid: UInt32?
  package var reason: String

  package init(uid: UInt32? = nil, reason: String) {
    self.uid = uid
    self.reason = reason
  }
}
