// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Finds a method's index by the bytes of its name, without making a string of them.
package struct MethodTable: Sendable {
  package let names: [String]
  /// Open addressing: index into `names` plus one, 0 for a free slot.
  private var slots: [(hash: UInt64, entry: Int)]
  private var bytes: [[UInt8]]

  package init(_ names: [String]) {
    self.names = names
    self.bytes = names.map { Array($0.utf8) }
    var size = 16
    while size < names.count * 4 { size *= 2 }
    self.slots = Array(repeating: (0, 0), count: size)
    for (index, name) in self.bytes.enumerated() {
      let hash = name.withUnsafeBytes { Self.hash($0) }
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while self.slots[slot].entry != 0 { slot = (slot + 1) & (size - 1) }
      self.slots[slot] = (hash, index + 1)
    }
  }

  package func index(of name: UnsafeRawBufferPointer) -> Int? {
    let hash = Self.hash(name)
    var slot = Int(truncatingIfNeeded: hash) & (self.slots.count - 1)
    while true {
      let found = self.slots[slot]
      if found.entry == 0 { return nil }
      if found.hash == hash, self.equals(found.entry - 1, name) { return found.entry - 1 }
      slot = (slot + 1) & (self.slots.count - 1)
    }
  }

  private func equals(_ index: Int, _ name: UnsafeRawBufferPointer) -> Bool {
    self.bytes[index].withUnsafeBytes { $0.count == name.count && $0.elementsEqual(name) }
  }

  /// A fixed mix of eight bytes at a time: the names are the program's own, so nobody can choose them to collide.
  private static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(name.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while name.count - index >= 8 {
      hash = Self.mix(hash ^ name.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    while index < name.count {
      tail = tail &<< 8 | UInt64(name[index])
      index += 1
    }
    return Self.mix(hash ^ tail)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let mixed = value &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed &>> 32)
  }
}
