// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What belongs to the open calls of one connection, by their ids.
///
/// Ids only grow, so a new call goes to the end and a call is found by halving; with the few calls that a connection has open that is
/// several times cheaper than hashing, and each item of a stream looks its call up often.
struct CallTable<Value> {
  private var ids: [UInt64] = []
  private(set) var values: [Value] = []

  var count: Int { self.ids.count }
  var isEmpty: Bool { self.ids.isEmpty }

  subscript(id: UInt64) -> Value? {
    get { self.index(of: id).map { self.values[$0] } }
    set {
      let index = self.place(of: id)
      let isThere = index < self.ids.count && self.ids[index] == id
      switch (newValue, isThere) {
      case (let value?, true):
        self.values[index] = value
      case (let value?, false):
        self.ids.insert(id, at: index)
        self.values.insert(value, at: index)
      case (nil, true):
        self.ids.remove(at: index)
        self.values.remove(at: index)
      case (nil, false):
        break
      }
    }
  }

  mutating func removeValue(forKey id: UInt64) -> Value? {
    guard let index = self.index(of: id) else { return nil }
    self.ids.remove(at: index)
    return self.values.remove(at: index)
  }

  /// In their order.
  func ids(where isWanted: (Value) -> Bool) -> [UInt64] {
    zip(self.ids, self.values).compactMap { isWanted($1) ? $0 : nil }
  }

  private func index(of id: UInt64) -> Int? {
    let index = self.place(of: id)
    return index < self.ids.count && self.ids[index] == id ? index : nil
  }

  /// The index of the first id that is not below.
  private func place(of id: UInt64) -> Int {
    guard let last = self.ids.last, last >= id else { return self.ids.count }
    var low = 0
    var high = self.ids.count - 1
    while low < high {
      let middle = (low + high) / 2
      if self.ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
