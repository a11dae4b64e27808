// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyReports
internal import AmnestyTexts
internal import ReportSamples
internal import Testing

@Suite("Escaping") struct EscapingTests {
  /// Each would leave its text or attribute, if it could.
  static let hostile = [
    "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)", "</title><svg onload=alert(1)>", "{{text.reportKind}}",
    // A quote that is one character with what follows.
    "\"\u{301} onmouseover=\"alert(1)", "<\u{301}script>", "&lt;b&gt;", "\u{0}\u{1B}[31m",
  ]

  @Test("a value stays a value", arguments: Self.hostile)
  func values(_ value: String) throws {
    let pages = try Pages()
    var figures = sampleFigures(.en)
    figures.act.title = value
    figures.act.digest = value
    figures.office = value
    figures.missingFacts = [MissingFactFigure(fact: value, label: value, cases: 1, office: value)]
    figures.readings = [ReadingFigure(question: value, cases: 1, answers: [.init(label: value, cases: OutcomeCounts(), releases: 0)])]
    figures.measures = [MeasureFigure(word: value, label: value, now: 1, margin: Margin(least: 1, most: 1))]
    figures.published = [PublishedFigure(date: value, label: value, published: 1, note: value)]
    figures.breakdowns = [Breakdown(key: .stage, groups: [.init(word: value, cases: OutcomeCounts(eligible: 1))])]
    var letter = sampleLetters(.en)[0].facts
    letter.name = value
    letter.reference = value
    letter.grounds = [LetterGround(text: value, citation: value, basis: value)]
    var sheet = sampleSheets(.en)[0].facts
    sheet.outcome = value
    sheet.offences = [
      .init(article: value, gravity: value, outcome: value, measure: value, grounds: [.init(provision: value, text: value, truth: value)])
    ]
    var order = sampleOrders(.en)[0].facts
    order.name = value
    order.body = value
    let expected = Self.attributes(pages.letter(sampleLetters(.en)[0].facts))
    for html in [pages.report(figures), pages.letter(letter), pages.readAloud(letter), pages.caseSheet(sheet), pages.releaseOrder(order)] {
      let found = Self.attributes(html)
      #expect(found.isDisjoint(with: ["onmouseover", "onfocus", "onload"]), "\(found)")
      #expect(!html.contains("<script") && !html.contains("<\u{301}script") && !html.contains("<svg onload"))
      #expect(!html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      #expect(!html.contains("Report on the amnesty\u{0}"))
    }
    #expect(!expected.isEmpty)
  }

  /// The names of attributes, as a browser takes a page apart: quotes are seen whatever follows them.
  private static func attributes(_ html: String) -> Set<String> {
    var names: Set<String> = []
    var (inTag, quote, name) = (false, nil as Unicode.Scalar?, "")
    for scalar in html.unicodeScalars {
      switch (inTag, quote) {
      case (false, _): inTag = scalar == "<"
      case (true, let open?): if scalar == open { quote = nil }
      case (true, nil):
        switch scalar {
        case ">": inTag = false
        case "\"", "'": quote = scalar
        case "=":
          names.insert(name)
          name = ""
        case " ", "\n", "/": name = ""
        default: name.unicodeScalars.append(scalar)
        }
      }
    }
    return names
  }

  @Test("braces in a value are text, not a template")
  func templates() throws {
    var letter = sampleLetters(.en)[0].facts
    letter.name = "{{subject}}"
    #expect(try Pages().letter(letter).contains("{{subject}}"))
  }
}
