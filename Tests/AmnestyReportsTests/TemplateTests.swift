// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import ReportSamples
internal import Testing

@testable internal import AmnestyReports

@Suite("Templates") struct TemplateTests {
  /// Names that a value of a view has, however deep.
  private static func names(_ value: Any, _ found: inout Set<String>) {
    for child in Mirror(reflecting: value).children {
      if let label = child.label { found.insert(label) }
      Self.names(child.value, &found)
    }
  }

  @Test("every tag names a member of a view, a text of the catalog, or a template")
  func tags() throws {
    var members: Set<String> = []
    var figures = sampleFigures(.en)
    figures.act.provisional = "x"
    Self.names(ReportView(figures), &members)
    for letter in sampleLetters(.en) { Self.names(LetterView(letter.facts), &members) }
    for sheet in sampleSheets(.en) { Self.names(CaseSheetView(sheet.facts), &members) }
    for order in sampleOrders(.en) { Self.names(ReleaseOrderView(order.facts), &members) }
    for (name, source) in Templates.byName {
      for match in source.matches(of: /\{\{([#^\/>$<]?)\s*(?:empty\()?([A-Za-z.\-]+)\)?\}\}/) {
        let (kind, tag) = (match.1, String(match.2))
        switch kind {
        case ">", "<": #expect(Templates.byName[tag] != nil, "\(name): \(tag)")
        case "$": break
        case "/" where Templates.byName[tag] != nil || ["body", "style"].contains(tag): break
        default:
          if tag.hasPrefix("text.") {
            #expect(Text.named(String(tag.dropFirst(5)), .kk) != nil, "\(name): \(tag)")
          } else {
            #expect(tag == "." || members.contains(tag), "\(name): \(tag)")
          }
        }
      }
      #expect(!source.contains("{{{") && !source.contains("{{&"), "\(name) leaves a value as it is")
    }
  }

  @Test("a template that is broken is told at once")
  func broken() {
    #expect(throws: (any Error).self) { try Pages(templates: ["x": "{{#open}}"]) }
  }
}
