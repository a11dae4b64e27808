// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// Numbers as a language writes them.
struct NumberText {
  var language: Language

  /// Thousands apart: by a comma in English, by a space that does not break in Russian and Kazakh.
  func grouped(_ number: Int) -> String {
    let separator: Character = self.language == .en ? "," : "\u{00A0}"
    var text: [Character] = []
    for (index, digit) in "\(number.magnitude)".reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text.append(separator) }
      text.append(digit)
    }
    return (number < 0 ? "−" : "") + String(text.reversed())
  }

  /// With its sign, zero without one.
  func signed(_ number: Int) -> String { (number > 0 ? "+" : "") + self.grouped(number) }

  func range(_ margin: Margin) -> String {
    margin.least == margin.most
      ? self.grouped(margin.most)
      : Text.reportBetween(self.language, least: self.grouped(margin.least), most: self.grouped(margin.most))
  }

  /// The same where there is little room.
  func span(_ margin: Margin) -> String {
    margin.least == margin.most ? self.grouped(margin.most) : "\(self.grouped(margin.least))–\(self.grouped(margin.most))"
  }

  /// Whole per cent; what is there but rounds to none is not called none, and what is not all is not called all.
  func share(_ part: Int, of whole: Int) -> String {
    let space = self.language == .en ? "" : "\u{00A0}"
    guard whole > 0 else { return "–" }
    let percent = (part * 200 + whole) / (whole * 2)
    switch percent {
    case ..<1 where part > 0: return "<1\(space)%"
    case 100... where part < whole: return ">99\(space)%"
    default: return "\(percent)\(space)%"
    }
  }
}
