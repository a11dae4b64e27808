// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Takes choices from an input; when it is used up every choice is the first.
struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { self.position >= self.bytes.count }

  /// What is left, unread.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self.bytes[min(self.position, self.bytes.count)...]) }

  mutating func byte() -> UInt8 {
    guard self.position < self.bytes.count else { return 0 }
    defer { self.position += 1 }
    return self.bytes[self.position]
  }

  mutating func number(below bound: Int) -> Int {
    bound <= 256 ? Int(self.byte()) % bound : Int(self.integer(bytes: 4)) % bound
  }

  mutating func integer(bytes count: Int) -> UInt64 {
    (0..<count).reduce(0) { value, _ in value << 8 | UInt64(self.byte()) }
  }

  mutating func isTrue() -> Bool { self.byte() & 1 == 1 }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[self.number(below: elements.count)] }
}
