// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The names given in one object, to refuse a second of the same: exact, and linear in their bytes whatever a peer sends.
///
/// A few names are compared one by one; above that a table hashed with a seed of the process takes over.
package struct JSONNameSet {
  private static let fewNames = 8

  private var names: [Name] = []
  /// Indices into `names` plus one, 0 for a free slot; the size is a power of two and at least twice the number of names.
  private var slots: [UInt32] = []

  private struct Name {
    var start: UnsafePointer<UInt8>?
    var count: Int
    /// Where the name had escapes: its own copy.
    var unescaped: [UInt8]?
    var hash: Int

    func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
      guard self.count == bytes.count else { return false }
      if let unescaped = self.unescaped { return unescaped.elementsEqual(bytes) }
      return UnsafeBufferPointer(start: self.start, count: self.count).elementsEqual(bytes)
    }
  }

  package init() {}

  package var count: Int { self.names.count }

  /// Adds a name of the message that is being read, or throws if it is there.
  package mutating func insert(_ key: JSONToken) throws(JSONError) {
    let bytes = key.bytes
    // An unescaped name lies where the next one will be written; one that is its own source does not move.
    var name = Name(start: key.start, count: key.count, unescaped: key.isTransient ? Array(bytes) : nil, hash: 0)
    if self.names.count < Self.fewNames {
      if self.names.isEmpty { self.names.reserveCapacity(Self.fewNames) }
      for other in self.names where other.equals(bytes) { throw JSONError(offset: key.offset, reason: .duplicateName) }
      self.names.append(name)
      return
    }
    if self.slots.isEmpty { self.rehash() }
    name.hash = Self.hash(bytes)
    var slot = name.hash & (self.slots.count - 1)
    while self.slots[slot] != 0 {
      let other = self.names[Int(self.slots[slot]) - 1]
      if other.hash == name.hash, other.equals(bytes) { throw JSONError(offset: key.offset, reason: .duplicateName) }
      slot = (slot + 1) & (self.slots.count - 1)
    }
    self.names.append(name)
    self.slots[slot] = UInt32(self.names.count)
    if self.names.count * 2 > self.slots.count { self.rehash() }
  }

  private mutating func rehash() {
    let isFirst = self.slots.isEmpty
    self.slots = Array(repeating: 0, count: max(64, self.slots.count * 2))
    for index in self.names.indices {
      if isFirst { self.names[index].hash = Self.hash(of: self.names[index]) }
      var slot = self.names[index].hash & (self.slots.count - 1)
      while self.slots[slot] != 0 { slot = (slot + 1) & (self.slots.count - 1) }
      self.slots[slot] = UInt32(index + 1)
    }
  }

  private static func hash(of name: Name) -> Int {
    if let unescaped = name.unescaped { return unescaped.withUnsafeBufferPointer(Self.hash) }
    return Self.hash(UnsafeBufferPointer(start: name.start, count: name.count))
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    return hasher.finalize()
  }
}
