// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Mustache

/// Makes pages of values: HTML that needs nothing from elsewhere and runs no script.
package struct Pages: Sendable {
  private let library: MustacheLibrary

  /// The templates that are part of the program.
  package init() throws {
    try self.init(templates: Templates.byName)
  }

  /// Templates by name, each of which may include the others.
  package init(templates: [String: String]) throws {
    MustacheContentTypes.register(MarkupContentType(), named: MarkupContentType.name)
    var library = MustacheLibrary()
    for (name, source) in templates {
      // Said in each: an included template does not inherit it.
      try library.register("{{% CONTENT_TYPE: \(MarkupContentType.name)}}\(source)", named: name)
    }
    self.library = library
  }

  package func report(_ figures: ReportFigures) -> String { self.render(ReportView(figures), "report") }

  package func letter(_ facts: LetterFacts) -> String { self.render(LetterView(facts), "letter") }

  /// The same letter, short, in large print, as it is read to the person.
  package func readAloud(_ facts: LetterFacts) -> String { self.render(LetterView(facts), "read-aloud") }

  package func caseSheet(_ facts: CaseSheetFacts) -> String { self.render(CaseSheetView(facts), "case-sheet") }

  package func releaseOrder(_ facts: ReleaseOrderFacts) -> String { self.render(ReleaseOrderView(facts), "release-order") }

  private func render(_ view: some PageView, _ template: String) -> String {
    self.library.render(view, withTemplate: template) ?? ""
  }
}

/// What every page has.
protocol PageView {
  /// As `lang` of the document.
  var language: String { get }
  var text: TemplateTexts { get }
  /// In the head of the document.
  var documentTitle: String { get }
}
