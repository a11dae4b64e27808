// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// The formats that `act.schema.json` names. Their patterns there serve editors; here they are the check.
package enum DocumentFormat: Sendable {
  case actId
  case fileName
  case version
  case timeZone
  case provisionId
  case word
  case factName
  case words
  case value
  case quantity
  case date
  case term
  case fraction
  case article
  case dayReference

  /// What a text of this format looks like, for hints.
  var example: String {
    switch self {
    case .actId: "lower-case letters, digits and single hyphens, for example kz-2022-152-vii"
    case .fileName: "a file beside this one, without its folder and .yaml, for example kz-2022-152-vii"
    case .version: "three numbers, for example 1.0.0"
    case .timeZone: "an IANA name, for example Asia/Almaty"
    case .provisionId: "lower-case words joined by dots, for example exclusion.torture"
    case .word: "lower-case letters, digits and _, for example release_from_punishment"
    case .factName: "for example stage or sentence.term"
    case .words: "words to be printed"
    case .value: "a word, true, false or a country code"
    case .quantity: "a whole number, or a term such as P1Y6M"
    case .date: "a day that exists, as YYYY-MM-DD"
    case .term: "a term, for example P1Y6M"
    case .fraction: "a share from 0/1 to 1/1, for example 3/4"
    case .article: "an article, for example 188 or 188-1"
    case .dayReference: "inForce, asOf, inForceOrImposed, a day as YYYY-MM-DD, or a fact that is a day"
    }
  }

  func accepts(_ text: String) -> Bool {
    let bytes = text.utf8
    switch self {
    case .actId:
      return !bytes.isEmpty && bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") } && !text.hasPrefix("-")
        && !text.hasSuffix("-")
        && !text.contains("--")
    case .fileName:
      return bytes.first.map { isLetter($0) || isDigit($0) } == true
        && bytes.allSatisfy { isLetter($0) || isDigit($0) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0) }
        && !text.hasSuffix(".yaml")
    case .version:
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 3
        && parts.allSatisfy { $0.utf8.allSatisfy(isDigit) && !$0.isEmpty && $0.count <= 9 && ($0 == "0" || !$0.hasPrefix("0")) }
    case .timeZone:
      return text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { isLetter($0) || isDigit($0) || [UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains($0) }
      }
    case .provisionId:
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      return bytes.first.map(isLower) == true
        && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "_") } }
    case .word:
      return bytes.first.map(isLower) == true && bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    case .factName:
      return isFactName(text)
    case .words:
      return text.contains { !$0.isWhitespace }
    case .value:
      return bytes.first.map(isLetter) == true && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    case .quantity:
      return DocumentFormat.integer(text) != nil || Term(text) != nil
    case .date:
      return Day(text) != nil
    case .term:
      return Term(text) != nil
    case .fraction:
      return DocumentFormat.fraction(text) != nil
    case .article:
      return Article(text) != nil
    case .dayReference:
      return Day(text) != nil || isFactName(text)
    }
  }

  private func isFactName(_ text: String) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      part.utf8.first.map(isLower) == true && part.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }
  }

  /// `-?(0|[1-9][0-9]*)`, exact in 53 bits; nothing like 0x1F, 1_000 or 12:30.
  static func integer(_ text: String) -> Int64? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit), digits == "0" || !digits.hasPrefix("0"), let value = Int64(text) else {
      return nil
    }
    return abs(value) < 1 << 53 ? value : nil
  }

  static func fraction(_ text: String) -> Fraction? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let numerator = integer(String(parts[0])), let denominator = integer(String(parts[1])) else { return nil }
    return Fraction(numerator, denominator)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
private func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
private func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 0x20) }
