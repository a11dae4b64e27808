// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Numbers as ECMAScript writes them, which is what RFC 8785 asks: the shortest digits that read back as the same value.
enum CanonicalNumber {
  /// The text of a finite number.
  static func text(of value: Double) -> String {
    if value == 0 { return "0" }
    let (digits, exponent) = Self.shortest(value.magnitude)
    let count = digits.count
    let body: String
    switch exponent {
    case count...21:
      body = digits + String(repeating: "0", count: exponent - count)
    case 1...21:
      body = digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    case -5...0:
      body = "0." + String(repeating: "0", count: -exponent) + digits
    default:
      let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
      let power = exponent - 1
      body = mantissa + "e" + (power < 0 ? "-" : "+") + String(power.magnitude)
    }
    return value < 0 ? "-" + body : body
  }

  /// The shortest digits d of a positive number and the n with value = 0.d × 10^n.
  private static func shortest(_ value: Double) -> (digits: String, exponent: Int) {
    // The standard library prints the shortest digits too, in another layout: 5e-324, 1.5, 1e+16.
    let parts = value.description.split(separator: "e", maxSplits: 1)
    let mantissa = parts[0].split(separator: ".", maxSplits: 1)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
    var exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    var digits = Substring(whole + fraction)
    while digits.first == "0" {
      digits = digits.dropFirst()
      exponent -= 1
    }
    while digits.last == "0" { digits = digits.dropLast() }
    return (String(digits), exponent)
  }
}
