// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyReports
internal import AmnestyTexts
internal import ReportSamples
internal import Testing

/// Every page that there is, by a name that says which.
private func allPages(_ language: Language) throws -> [(name: String, html: String)] {
  let pages = try Pages()
  return [("report", pages.report(sampleFigures(language)))]
    + sampleLetters(language).flatMap { [("letter \($0.name)", pages.letter($0.facts)), ("aloud \($0.name)", pages.readAloud($0.facts))] }
    + sampleSheets(language).map { ("sheet \($0.name)", pages.caseSheet($0.facts)) }
    + sampleOrders(language).map { ("order \($0.name)", pages.releaseOrder($0.facts)) }
}

@Suite("Pages") struct PagesTests {
  @Test("each renders whole, in its language, without an element left empty", arguments: Language.allCases)
  func whole(_ language: Language) throws {
    for (name, html) in try allPages(language) {
      #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)\">"), "\(name)")
      #expect(html.hasSuffix("</html>\n"), "\(name)")
      #expect(!html.contains("{{") && !html.contains("}}"), "\(name)")
      #expect(!html.contains("Optional("), "\(name)")
      for element in [
        "title", "h1", "h2", "h3", "p", "li", "th", "td", "dt", "dd", "text", "desc", "figcaption", "caption", "summary", "style",
      ] {
        let empty = html.firstMatch(of: try Regex("<\(element)( [^>]*)?>\\s*</\(element)>"))
        #expect(empty == nil, "\(name): \(empty.map { String(html[$0.range]) } ?? "")")
      }
    }
  }

  @Test("none takes anything from elsewhere or runs a script", arguments: Language.allCases)
  func selfContained(_ language: Language) throws {
    for (name, html) in try allPages(language) {
      for word in ["<script", "<link", "<img", "<iframe", "http://", "https://", "@import", "url(", " onload", " onclick"] {
        #expect(!html.contains(word), "\(name): \(word)")
      }
      #expect(html.contains("default-src 'none'"), "\(name)")
    }
  }

  @Test("ids are there once and references lead to one", arguments: Language.allCases)
  func ids(_ language: Language) throws {
    for (name, html) in try allPages(language) {
      let ids = html.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
      #expect(Set(ids).count == ids.count, "\(name)")
      let references =
        html.matches(of: /href="#([^"]*)"/).map { String($0.1) }
        + html.matches(of: /aria-labelledby="([^"]*)"/).flatMap { $0.1.split(separator: " ").map(String.init) }
      #expect(Set(references).isSubset(of: ids), "\(name)")
    }
  }

  @Test("an English page holds no Cyrillic but the person's name")
  func english() throws {
    for (name, html) in try allPages(.en) {
      // The name of the person is as the record has it.
      let rest = html.replacing("Шаблоннияз Жандос Үлгіұлы", with: "")
      #expect(!rest.unicodeScalars.contains { (0x400...0x52F).contains($0.value) }, "\(name)")
    }
  }

  @Test("letters of different situations differ", arguments: Language.allCases)
  func situations(_ language: Language) throws {
    let pages = try Pages()
    // An end that is still to be computed reads the same in custody and at large.
    let letters = sampleLetters(language).filter { $0.name != "term-cut-at-large-end-unknown" }.map { letter -> String in
      var facts = letter.facts
      (facts.grounds, facts.notCovered, facts.questions, facts.openPoints, facts.notes) = ([], [], [], [], [])
      (facts.reason, facts.appealTo, facts.appealThrough) = (nil, nil, nil)
      return pages.letter(facts)
    }
    #expect(Set(letters).count == letters.count)
  }

  @Test("a letter speaks of objecting before the decision only, and of an appeal after it only", arguments: Language.allCases)
  func remedies(_ language: Language) throws {
    let pages = try Pages()
    for (name, facts) in sampleLetters(language) {
      let html = pages.letter(facts)
      #expect(html.contains(Text.letterIfObject(language)) == (name == "termination-proposed"), "\(name)")
      if ["termination-proposed", "referred", "facts-missing"].contains(name) {
        #expect(!html.contains(Text.letterIfDisagree(language)), "\(name)")
      }
      if ["refused", "proceedings-terminated", "term-cut-in-custody", "released-from-custody"].contains(name) {
        #expect(html.contains(Text.letterIfDisagree(language)), "\(name)")
      }
    }
  }

  @Test("what is not there is left out of the report, its heading too")
  func leftOut() throws {
    let counts = OutcomeCounts(eligible: 1)
    let bare = ReportFigures(
      language: .en, asOf: "2022-11-03", act: sampleAct(.en), cases: counts, people: counts, reliefCases: Margin(least: 1, most: 1),
      reliefPeople: Margin(least: 1, most: 1))
    let html = try Pages().report(bare)
    for heading in [
      Text.reportProgress(.en), Text.reportBreakdowns(.en), Text.reportMeasures(.en), Text.reportReleases(.en), Text.reportMissing(.en),
      Text.reportReferrals(.en), Text.reportReadings(.en), Text.reportClocks(.en), Text.reportDecisions(.en), Text.reportPublished(.en),
    ] {
      #expect(!html.contains(heading), "\(heading)")
    }
    #expect(html.contains(Text.reportHeadlineSettled(.en)))
  }
}
