// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The twelve-digit number of a person in Kazakhstan. Only its control digit is checked: it proves nothing of the person, and neither age
/// nor sex is read from it.
package enum IndividualIdentificationNumber {
  /// Twelve digits whose last is the control digit of the others.
  package static func isValid(_ text: some StringProtocol) -> Bool {
    var digits: [Int] = []
    for byte in text.utf8 {
      guard digits.count < 12, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return false }
      digits.append(Int(byte - UInt8(ascii: "0")))
    }
    guard digits.count == 12, let control = controlDigit(digits[..<11]) else { return false }
    return control == digits[11]
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
