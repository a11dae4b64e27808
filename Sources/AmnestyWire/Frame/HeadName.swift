// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The name of a head's member, as the eight bytes that a token keeps in a register.
struct HeadName {
  let count: Int
  let word: UInt64

  private init(_ count: Int, _ word: UInt64) {
    self.count = count
    self.word = word
  }

  static let hello = HeadName(5, 0x0000_006F_6C6C_6568)
  static let call = HeadName(4, 0x0000_0000_6C6C_6163)
  static let item = HeadName(4, 0x0000_0000_6D65_7469)
  static let done = HeadName(4, 0x0000_0000_656E_6F64)
  static let end = HeadName(3, 0x0000_0000_0064_6E65)
  static let cancel = HeadName(6, 0x0000_6C65_636E_6163)
  static let credit = HeadName(6, 0x0000_7469_6465_7263)
  static let ping = HeadName(4, 0x0000_0000_676E_6970)
  static let pong = HeadName(4, 0x0000_0000_676E_6F70)
  static let goaway = HeadName(6, 0x0000_7961_7761_6F67)
  static let method = HeadName(6, 0x0000_646F_6874_656D)
  static let window = HeadName(6, 0x0000_776F_646E_6977)
  static let open = HeadName(4, 0x0000_0000_6E65_706F)
  static let actor = HeadName(5, 0x0000_0072_6F74_6361)
  static let metadata = HeadName(8, 0x6174_6164_6174_656D)
  static let bytes = HeadName(5, 0x0000_0073_6574_7962)
  static let code = HeadName(4, 0x0000_0000_6564_6F63)
  static let message = HeadName(7, 0x0065_6761_7373_656D)
  static let details = HeadName(7, 0x0073_6C69_6174_6564)
  static let reason = HeadName(6, 0x0000_6E6F_7361_6572)
  static let graceMs = HeadName(7, 0x0073_4D65_6361_7267)
  static let agent = HeadName(5, 0x0000_0074_6E65_6761)
  static let maxFrame = HeadName(8, 0x656D_6172_4678_616D)
  static let session = HeadName(7, 0x006E_6F69_7373_6573)
  static let roles = HeadName(5, 0x0000_0073_656C_6F72)
  static let limits = HeadName(6, 0x0000_7374_696D_696C)
}

extension JSONToken {
  @inline(__always)
  func isName(_ name: HeadName) -> Bool { self.head == name.word && self.count == name.count }
}

/// The names of which a head holds exactly one.
enum HeadKind {
  case hello, call, item, done, end, cancel, credit, ping, pong, goaway

  @inline(__always)
  init?(_ key: JSONToken) {
    if key.isName(.call) {
      self = .call
    } else if key.isName(.item) {
      self = .item
    } else if key.isName(.end) {
      self = .end
    } else if let rare = Self.rare(key) {
      self = rare
    } else {
      return nil
    }
  }

  private static func rare(_ key: JSONToken) -> HeadKind? {
    guard key.count <= 6 else { return nil }
    return if key.isName(.credit) {
      .credit
    } else if key.isName(.done) {
      .done
    } else if key.isName(.cancel) {
      .cancel
    } else if key.isName(.hello) {
      .hello
    } else if key.isName(.ping) {
      .ping
    } else if key.isName(.pong) {
      .pong
    } else if key.isName(.goaway) {
      .goaway
    } else {
      nil
    }
  }
}
