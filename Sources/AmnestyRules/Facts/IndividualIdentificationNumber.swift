// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The twelve-digit number of a person in Kazakhstan. Only its control digit is checked: it proves nothing of the person, and neither age
/// nor sex is read from it.
package enum IndividualIdentificationNumber {
  /// Twelve digits whose last is the control digit of the others.
  package static func isValid(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isValid(utf8: UnsafeRawBufferPointer($0)) }
  }

  package static func isValid(utf8 text: UnsafeRawBufferPointer) -> Bool {
    guard text.count == 12 else { return false }
    // Sums of the first eleven digits, weighted from 1 and from 3.
    var (first, second, position, last) = (0, 0, 0, 0)
    for byte in text {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return false }
      last = Int(byte - UInt8(ascii: "0"))
      if position < 11 {
        first += last * (position + 1)
        second += last * ((position + 2) % 11 + 1)
      }
      position += 1
    }
    let control = first % 11 < 10 ? first % 11 : second % 11
    return control < 10 && control == last
  }

  /// Control digit of the first eleven; nil where the number cannot exist.
  package static func controlDigit(_ digits: ArraySlice<Int>) -> Int? {
    func remainder(shift: Int) -> Int {
      digits.enumerated().reduce(0) { $0 + $1.element * (($1.offset + shift) % 11 + 1) } % 11
    }
    let first = remainder(shift: 0)
    if first < 10 { return first }
    let second = remainder(shift: 2)
    return second < 10 ? second : nil
  }
}
