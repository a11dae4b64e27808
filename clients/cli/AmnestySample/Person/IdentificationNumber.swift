// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Individual Identification Numbers: twelve digits, the last a control digit. Nothing about a person is read from one.
package enum IdentificationNumber {
  /// A valid number that was issued to nobody by date of birth: its third and fourth digit are no month.
  package static func make(_ dice: inout Dice) -> String {
    while true {
      var digits = (0..<11).map { _ in UInt8(dice.below(10)) }
      digits[2] = UInt8(dice.within(2...9))
      if let control = control(of: digits) {
        return String(decoding: (digits + [control]).map { UInt8(ascii: "0") + $0 }, as: UTF8.self)
      }
    }
  }

  /// The control digit of the first eleven digits; nil where the number is invalid whatever its last digit.
  package static func control(of digits: some Collection<UInt8>) -> UInt8? {
    for weights in [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]] {
      let remainder = zip(digits, weights).reduce(0) { $0 + Int($1.0) * $1.1 } % 11
      if remainder < 10 { return UInt8(remainder) }
    }
    return nil
  }

  package static func isValid(_ text: String) -> Bool {
    let digits = text.utf8.map { $0 &- UInt8(ascii: "0") }
    guard digits.count == 12, digits.allSatisfy({ $0 < 10 }) else { return false }
    return control(of: digits.prefix(11)) == digits[11]
  }
}
