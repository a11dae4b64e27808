// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import Glibc
internal import Testing

@testable internal import AmnestyCommands

@Suite("Errors in the language of the reader") struct TranslatedErrorTests {
  /// Two words of Latin letters in a row, once command lines and what somebody else said are taken out.
  static func english(in text: String, but others: [String] = []) -> String? {
    var text = text
    for other in others { text = text.replacing(other, with: "…") }
    text = text.replacing(/amnestyctl [a-z]+( [a-z-]+)*/, with: "…")
    text = text.replacing(/(audit|work|case|decision|notices|aftercare) [a-z]+/, with: "…")
    return text.firstMatch(of: /[A-Za-z]{2,}\s+[A-Za-z]{2,}/).map { String($0.0) }
  }

  @Test("The measure itself finds English") func measure() {
    #expect(Self.english(in: "строка 5: No such file") != nil)
    #expect(Self.english(in: "строка 5: нет; amnestyctl case show SYN-1") == nil)
  }

  @Test("An input error", arguments: [Language.ru, .kk]) func input(_ language: Language) throws {
    var errors: [InputError] = []
    func collect(_ body: () throws -> Void) {
      do { try body() } catch let error as InputError { errors.append(error) } catch { Issue.record(error) }
    }
    collect { _ = try InputFile(path: "/nowhere/r.json") }
    collect { _ = try InputFile(path: "/") }
    collect { _ = try AtomicFile.write("x", to: "/nowhere/out.csv") }
    collect { _ = try RefusalWriter(file: "/nowhere/e.ndjson") }
    collect { _ = try DatabaseFile.isDatabase("/nowhere/register.sqlite") }
    for sheet in ["", "reference,fact\n", "reference,fact,answer\nSYN-1,recidivism,none\n"] {
      collect { _ = try FactSheet.read(sheet, name: "sheet.csv") }
    }
    #expect(errors.count == 8)
    for error in errors {
      let text = ErrorReport(error, language: language).text
      #expect(Self.english(in: text) == nil, "\(text)")
      #expect(text != ErrorReport(error, language: .en).text)
    }
  }

  @Test("A refusal of an import", arguments: [Language.ru, .kk]) func refusal(_ language: Language) {
    let words = "the term ends before it begins"
    let status = Status(
      .invalidArgument, reason: ErrorReason.contradictoryRecord, "The record contradicts itself.",
      details: [.badRequest(BadRequest(fieldViolations: [FieldViolation(field: "/sentence/term", description: words)], violationsTotal: 4))]
    )
    for reference in ["SYN-1", nil] {
      let text = Refusal(index: 3, line: 5, reference: reference, status: status).text(in: language)
      #expect(text.contains("CONTRADICTORY_RECORD: /sentence/term: \(words)"))
      #expect(text.contains(Words.errorReason("CONTRADICTORY_RECORD", language) ?? "?"))
      #expect(Self.english(in: text, but: [words]) == nil, "\(text)")
    }
  }

  @Test("What the daemon answers: what its reason means, then its own words", arguments: [Language.ru, .kk])
  func server(_ language: Language) throws {
    let words = "The case has changed since version v1."
    let status = Status(.aborted, reason: ErrorReason.staleEtag, words)
    let lines = ErrorReport(status, language: language).text.split(separator: "\n")
    #expect(lines[0] == "amnestyctl: \(try #require(Words.errorReason("STALE_ETAG", language)))")
    #expect(lines[1] == "  ABORTED (STALE_ETAG): \(words)")
    #expect(Self.english(in: lines.joined(separator: "\n"), but: [words]) == nil)
  }

  @Test("In English its own words are enough") func english() {
    let text = ErrorReport(Status(.aborted, reason: "STALE_ETAG", "It has changed."), language: .en).text
    #expect(text.hasPrefix("amnestyctl: ABORTED (STALE_ETAG): It has changed.\n"))
  }

  @Test("A reason of a newer daemon is shown as it came", arguments: Language.allCases) func unknown(_ language: Language) {
    let text = ErrorReport(Status(.aborted, reason: "MOON_PHASE", "Wait."), language: language).text
    #expect(text == "amnestyctl: ABORTED (MOON_PHASE): Wait.\n")
  }

  @Test(
    "What the system says is said in English as the C library says it",
    arguments: [ENOENT, EACCES, EISDIR, ENOTDIR, ENOSPC, EROFS, EIO]
  )
  func system(_ code: CInt) {
    #expect(SystemError(code).text(in: .en) == String(cString: strerror(code)))
    #expect(Self.english(in: SystemError(code).text(in: .ru)) == nil)
    #expect(Self.english(in: SystemError(code).text(in: .kk)) == nil)
  }

  @Test("What tampering with the trail was found is told in words", arguments: [Language.ru, .kk]) func trail(_ language: Language) {
    let answer = VerifyAuditResponse(
      ok: false, entries: 3, lastHash: "sha256:00", checkpoints: 1,
      faults: [AuditFault(seq: 4, what: "entries are missing", kind: .missing)])
    let page = VerificationAnswer(answer: answer).table(on: Terminal(width: nil, hasColour: false, language: language))
    #expect(Self.english(in: page.joined(separator: "\n")) == nil)
  }
}
