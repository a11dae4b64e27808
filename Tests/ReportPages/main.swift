// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyReports
internal import AmnestyTexts
internal import Foundation
internal import ReportSamples

// Writes every page, letter, sheet and order in every language, of synthetic values, into a folder, to be looked at and checked in a browser.
//
//     ReportPages FOLDER [TEMPLATES]
//
// With TEMPLATES, a folder of `.mustache` files, those are taken instead of the ones in the program.

let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first.map({ URL(filePath: $0, directoryHint: .isDirectory) }) else {
  FileHandle.standardError.write(Data("usage: ReportPages FOLDER [TEMPLATES]\n".utf8))
  exit(64)
}

let pages: Pages
if let path = arguments.dropFirst().first {
  let templates = URL(filePath: path, directoryHint: .isDirectory)
  let names = try FileManager.default.contentsOfDirectory(atPath: templates.path()).filter { $0.hasSuffix(".mustache") }
  pages = try Pages(
    templates: Dictionary(
      uniqueKeysWithValues: try names.map { name in
        (String(name.dropLast(".mustache".count)), try String(contentsOf: templates.appending(path: name), encoding: .utf8))
      }))
} else {
  pages = try Pages()
}

/// Every page in a language, by the name of its file.
func all(_ language: Language) -> [(name: String, html: String)] {
  var all = [("report", pages.report(sampleFigures(language)))]
  for (name, facts) in sampleLetters(language) {
    all += [("letter-\(name)", pages.letter(facts)), ("aloud-\(name)", pages.readAloud(facts))]
  }
  all += sampleSheets(language).map { ("sheet-\($0.name)", pages.caseSheet($0.facts)) }
  all += sampleOrders(language).map { ("order-\($0.name)", pages.releaseOrder($0.facts)) }
  return all.map { ("\($0.0)-\(language.rawValue)", $0.1) }
}

try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
let written = Language.allCases.flatMap(all)
for page in written { try Data(page.html.utf8).write(to: folder.appending(path: "\(page.name).html")) }
print("\(written.count) pages in \(folder.path())")
