// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import ArgumentParser
internal import Glibc
internal import Testing

@testable internal import AmnestyCommands

struct OutputTests {
  func table(width: Int?) -> [String] {
    var table = Table([.init("reference"), .init("name", mayShrink: true), .init("days", isNumber: true)])
    table.add(["SYN-1", "Синтетический Пример Примерович", "7"])
    table.add(["SYN-20", "Қазақша", "1200"])
    return table.takeLines(on: Terminal(width: width, hasColour: false))
  }

  @Test func columnsOfAnyAlphabetLineUp() {
    #expect(
      table(width: nil) == [
        "reference  name                             days",
        "SYN-1      Синтетический Пример Примерович     7",
        "SYN-20     Қазақша                          1200",
      ])
  }

  @Test(arguments: 28...60)
  func aTableFitsTheTerminal(_ width: Int) {
    let lines = table(width: width)
    #expect(lines.allSatisfy { $0.columns <= width })
    #expect(lines[1].hasPrefix("SYN-1 ") && lines[1].hasSuffix(" 7"))
  }

  @Test func whatGoesToAFileIsNeverCut() {
    #expect(table(width: nil)[1].contains("Примерович"))
  }

  @Test func aTextIsCutWithAnEllipsisAndBrokenBetweenWords() {
    #expect("Алматы".clipped(to: 4) == "Алм…")
    #expect("Алматы".clipped(to: 6) == "Алматы")
    #expect("one two three".wrapped(to: 7) == ["one two", "three"])
    #expect("e\u{301}a".columns == 2)
  }

  @Test func colourIsForTerminalsOnly() {
    #expect(Style.bad.apply("x", on: Terminal(width: 80, hasColour: true)) == "\u{1B}[31mx\u{1B}[0m")
    #expect(Style.bad.apply("x", on: Terminal(width: 80, hasColour: false)) == "x")
  }

  @Test(arguments: [
    (StatusCode.ok, EX_OK), (.invalidArgument, EX_DATAERR), (.notFound, EX_NOINPUT), (.unavailable, EX_UNAVAILABLE),
    (.permissionDenied, EX_NOPERM), (.deadlineExceeded, EX_TEMPFAIL), (.unimplemented, EX_USAGE), (.internal, EX_SOFTWARE),
    (.unknown, EX_SOFTWARE), (.dataLoss, EX_SOFTWARE),
  ])
  func everyCodeHasItsExitStatus(_ code: StatusCode, _ status: CInt) {
    #expect(ExitStatus.code(of: code) == status)
  }

  @Test(arguments: [
    ["assess", "x.ndjson", "--as-of", "2022-11-03", "--output", "json"], ["explain", "x.json", "--lang", "kk"], ["act", "list"],
    ["act", "check", "a.yaml"], ["call", "grpc.health.v1.Health/Check"], ["describe"], ["health"], ["estimate", "x.ndjson"],
    ["sample", "--people", "10", "--seed", "1"],
  ])
  func everyCommandIsParsed(_ arguments: [String]) throws {
    _ = try AmnestyControl.parseAsRoot(arguments)
  }

  @Test(arguments: [["assess"], ["explain", "x", "--lang", "de"], ["assess", "x", "--output", "xml"], ["nothing"]])
  func wrongUseIsRefused(_ arguments: [String]) {
    #expect(throws: (any Error).self) { _ = try AmnestyControl.parseAsRoot(arguments) }
  }
}
