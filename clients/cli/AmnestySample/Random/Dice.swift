// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A stream of chances that is the same on every machine: SplitMix64, with bounded draws of our own, since the standard
/// library does not promise that its draws stay the same from one release to the next.
package struct Dice: Sendable {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  /// The dice of one person of a register: independent of how many people stand before.
  package init(seed: UInt64, person: Int) {
    var mixer = Dice(seed: seed)
    state = mixer.next() ^ (UInt64(truncatingIfNeeded: person) &* 0xD1B5_4A32_D192_ED03)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number of 0 ..< bound. The bias of the multiplication is below 2^-32 for the bounds in use.
  package mutating func below(_ bound: Int) -> Int {
    Int(((next() >> 32) &* UInt64(bound)) >> 32)
  }

  package mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True in `perMille` of 1,000 cases.
  package mutating func chance(_ perMille: Int) -> Bool {
    below(1000) < perMille
  }

  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// One of the values, as often as its weight says.
  package mutating func weighted<Value>(_ choices: [(weight: Int, value: Value)]) -> Value {
    var ticket = below(choices.reduce(0) { $0 + $1.weight })
    for choice in choices {
      ticket -= choice.weight
      if ticket < 0 { return choice.value }
    }
    return choices[choices.count - 1].value
  }

  /// A new order of the elements (Fisher and Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for index in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(index, below(index + 1))
    }
  }
}
