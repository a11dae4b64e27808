// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyCommands
internal import AmnestyTexts
internal import AmnestyWire
internal import Testing

@Suite struct FactSheetTests {
  private let question = LocalizedText(en: "Is it \"known\", or not?", ru: "Известно ли, или нет?", kk: "Белгілі ме, әлде жоқ па?")

  @Test func aFilledSheetComesBack() throws {
    let asks = [
      FactAsk(rank: 1, reference: "SYN-1", office: "north", detained: true, fact: "/recidivism", question: question),
      FactAsk(rank: 2, reference: "SYN-2", office: "south", detained: nil, fact: "/recidivism", question: question),
      FactAsk(rank: nil, reference: "SYN-1", office: "north", detained: true, fact: "/sentence/term", question: question),
    ]
    var rows = asks.map { FactSheet.cells($0, .ru) }
    rows[0].replaceSubrange(6..<9, with: ["none", "letter 5, of the court", "2022-11-01"])
    rows[2].replaceSubrange(6..<9, with: [" P5Y ", "", ""])
    let text = ([FactSheet.columns.map(Optional.some)] + rows).map { CSV.line($0) + "\r\n" }.joined()
    let answers = try FactSheet.read("\u{FEFF}" + text, name: "sheet.csv")
    #expect(answers.map(\.reference) == ["SYN-1"])
    #expect(answers[0].edits.map(\.pointer) == ["/recidivism", "/sentence/term"])
    #expect(answers[0].sources == [FactSource(pointer: "/recidivism", source: "letter 5, of the court", learntOn: "2022-11-01")])
  }

  @Test func aSpreadsheetMaySaveWithSemicolonsAndMoveColumns() throws {
    let answers = try FactSheet.read("answer;note;reference;fact\nnone;;SYN-1;/recidivism\n;;SYN-2;/recidivism\n", name: "sheet.csv")
    #expect(answers.map(\.reference) == ["SYN-1"])
  }

  @Test(arguments: [
    ("", "sheet.csv:1: the sheet is empty"), ("reference,fact\nSYN-1,/recidivism\n", "sheet.csv:1: the sheet has no column answer"),
    ("reference,fact,answer\nSYN-1,recidivism,none\n", "sheet.csv:2: the sheet needs a reference"),
    ("reference,fact,answer,learntOn\n\nSYN-1,/recidivism,none,yesterday\n", "sheet.csv:3: the sheet has under learntOn no day"),
  ])
  func whatIsNoSheetIsToldWithItsPlace(_ text: String, _ words: String) {
    let error = #expect(throws: InputError.self) { try FactSheet.read(text, name: "sheet.csv") }
    #expect(error?.message.hasPrefix(words) == true, "\(error?.message ?? "")")
  }
}
