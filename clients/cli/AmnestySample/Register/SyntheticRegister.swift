// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
package import NIOCore

/// A register of people who do not exist, in the proportions of the published figures; the same for the same seed on every machine.
///
/// After the people of the margins stand as many records that contradict themselves as were asked for, of each kind in turn.
/// Cases are drawn one at a time, so a register of a million costs a million bytes and not a million records. Every
/// reference begins with `SYN-`: no record can be taken for a real person's.
package struct SyntheticRegister: Sendable, Sequence {
  package let people: Int
  package let seed: UInt64
  package let contradictions: Int
  package let margins: Margins

  /// - Parameters:
  ///   - people: How many, 0 or more; the published total is ``Margins/publishedTotal``.
  ///   - seed: Any number; it names the register.
  ///   - contradictions: How many records that contradict themselves to append.
  package init(people: Int, seed: UInt64, contradictions: Int = 0) {
    self.people = people
    self.seed = seed
    self.contradictions = contradictions
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
    private let contradictions: Int

    fileprivate init(register: SyntheticRegister) {
      seed = register.seed
      contradictions = register.contradictions
      cells = []
      cells.reserveCapacity(register.people)
      for (cell, people) in register.margins.counts {
        cells.append(contentsOf: repeatElement(UInt8(cell.rawValue), count: people))
      }
      var dice = Dice(seed: register.seed)
      dice.shuffle(&cells)
    }

    package mutating func next() -> SyntheticCase? {
      guard index < cells.count + contradictions else { return nil }
      defer { index += 1 }
      let dice = Dice(seed: seed, person: index)
      guard index < cells.count, let cell = MarginCell(rawValue: Int(cells[index])) else {
        let number = index - cells.count
        let kind = Contradiction.allCases[number % Contradiction.allCases.count]
        return kind.record(reference: "SYN-BAD-\(padded(number + 1))", dice: dice)
      }
      return CaseDrawing.draw(reference: "SYN-2022-\(padded(index + 1))", cell: cell, dice: dice)
    }

    private func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: Swift.max(0, 7 - digits.utf8.count)) + digits
    }
  }
}

extension SyntheticRegister {
  /// Writes every record on a line of its own, in chunks of about `chunkBytes`.
  package func writeLines(chunkBytes: Int = 256 * 1024, _ write: (ByteBuffer) throws -> Void) rethrows {
    var buffer = ByteBuffer()
    for drawn in self {
      JSONWriter.append(to: &buffer) { writer in
        drawn.write(&writer)
        writer.byte(UInt8(ascii: "\n"))
      }
      if buffer.readableBytes >= chunkBytes {
        try write(buffer)
        buffer.clear()
      }
    }
    if buffer.readableBytes > 0 { try write(buffer) }
  }
}
