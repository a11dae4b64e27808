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
  /// - Returns: nil where the peer cannot be identified: another pid or user namespace, or no Unix socket.
  package static func ofPeer(of socket: CInt) -> PeerIdentity? {
    var peer = PeerIdentity(uid: 0, gid: 0, pid: 0)
    guard amnesty_peer_credentials(socket, &peer.uid, &peer.gid, &peer.pid) == 0 else { return nil }
    guard peer.uid != overflowUser, peer.pid > 0 else { return nil }
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
      default:
        return nil
      }
    }
    return nil
  }
}
