// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A register of people who do not exist, in the proportions of the published figures; the same for the same seed on every machine.
///
/// Cases are drawn one at a time, so a register of a million costs a million bytes and not a million records. Every
/// reference begins with `SYN-`: no record can be taken for a real person's.
package struct SyntheticRegister: Sendable, Sequence {
  package let people: Int
  package let seed: UInt64
  package let margins: Margins

  /// - Parameters:
  ///   - people: How many, 0 or more; the published total is ``Margins/publishedTotal``.
  ///   - seed: Any number; it names the register.
  package init(people: Int, seed: UInt64) {
    self.people = people
    self.seed = seed
    margins = Margins(people: people)
  }

  package func makeIterator() -> Iterator {
    Iterator(register: self)
  }

  package struct Iterator: IteratorProtocol {
    private let seed: UInt64
    /// The cell of each person, a byte each, in the shuffled order of the register.
    private var cells: [UInt8]
    private var index = 0

    fileprivate init(register: SyntheticRegister) {
      seed = register.seed
      cells = []
      cells.reserveCapacity(register.people)
      for (cell, people) in register.margins.counts {
        cells.append(contentsOf: repeatElement(UInt8(cell.rawValue), count: people))
      }
      var dice = Dice(seed: register.seed)
      dice.shuffle(&cells)
    }

    package mutating func next() -> SyntheticCase? {
      guard index < cells.count, let cell = MarginCell(rawValue: Int(cells[index])) else { return nil }
      index += 1
      return CaseDrawing.draw(reference: "SYN-2022-\(padded(index))", cell: cell, dice: Dice(seed: seed, person: index))
    }

    private func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: Swift.max(0, 7 - digits.utf8.count)) + digits
    }
  }
}
