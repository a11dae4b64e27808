// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyCommands
internal import AmnestyTexts
internal import Testing

@Suite struct FigureTests {
  private let before = FigureText(
    """
    # TYPE amnesty_calls counter
    amnesty_calls_total{method="a.S/M",code="OK"} 100
    amnesty_connections 3
    amnesty_register_up 1
    amnesty_register_commands_total 10
    amnesty_call_seconds_bucket{method="a.S/M",le="0.001"} 90
    amnesty_call_seconds_bucket{method="a.S/M",le="0.01"} 100
    amnesty_call_seconds_bucket{method="a.S/M",le="+Inf"} 100
    # EOF
    """)
  private let after = FigureText(
    """
    amnesty_calls_total{method="a.S/M",code="OK"} 290
    amnesty_calls_total{method="a.S/M",code="NOT_FOUND"} 10
    amnesty_calls_total{method="a.S/Rare",code="OK"} 1
    amnesty_connections 4
    amnesty_register_up 0
    amnesty_register_commands_total 30
    amnesty_register_overdue{clock="act_window"} 7
    amnesty_register_overdue_detained 2
    amnesty_call_seconds_bucket{method="a.S/M",le="0.001"} 190
    amnesty_call_seconds_bucket{method="a.S/M",le="0.01"} 290
    amnesty_call_seconds_bucket{method="a.S/M",le="+Inf"} 300
    nonsense
    broken{ 5
    """)

  @Test func betweenTwoLooksThereAreRatesAndTimes() throws {
    let change = FigureChange(before: before, after: after, seconds: 2)
    let method = try #require(change.methods.first)
    #expect(change.methods.map(\.name) == ["a.S/M", "a.S/Rare"])
    #expect(method.calls == 100 && method.failed == 5)
    #expect(change.rate("amnesty_register_commands_total") == 10)
    #expect(change.rate("amnesty_no_such_total") == 0)
    // Of 200 calls, 100 within 1 ms, 90 more within 10 ms: half lies at the bound, nine tenths within the second bucket.
    #expect(method.half == 0.001)
    #expect(method.most.map { abs($0 - 0.009) < 0.000_1 } == true)
    #expect(method.nearlyAll == 0.01, "beyond the last bound nothing is known but the bound")
    #expect(change.methods[1].half == nil)
  }

  @Test func aLookFitsTheScreenAndSaysWhatIsWrong() {
    let page = TopPage(change: FigureChange(before: before, after: after, seconds: 2))
    let lines = page.lines(on: Terminal(width: 80, hasColour: false))
    #expect(lines.allSatisfy { $0.columns <= 80 })
    let text = lines.joined(separator: "\n")
    for words in ["101 calls/s", "5 failed/s", "does not serve", "execution of the act 7; 2 people detained", "a.S/M", "1.0 ms"] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    let quiet = TopPage(change: FigureChange(before: before, after: before, seconds: 1)).lines(on: Terminal(width: nil, hasColour: false))
    #expect(quiet.contains("no calls") && quiet.contains("no deadline is over"))
  }

  @Test func statusIsOneScreenAndSaysWhatItMayNotShow() {
    var page = StatusPage(health: .serving)
    page.register = .success(.notServing)
    page.counts = .success(
      SummarizeCasesResponse(
        cases: 1200, byState: [Count(word: "registered", count: 1000), Count(word: "awaiting_judgment", count: 1)], byOutcome: [],
        byMeasure: [], detained: 12, departures: 3, reassessmentDue: 2))
    page.late = .failure(Status(.permissionDenied, reason: "ROLE_MISSING", "no"))
    let lines = page.table(on: Terminal(width: 80, hasColour: false))
    #expect(lines.count <= 24 && lines.allSatisfy { $0.columns <= 80 })
    let text = lines.joined(separator: "\n")
    for words in [
      "daemon      serves", "register    does not serve", "1,200, 12 in custody", "awaiting the judgment", "not shown to your roles",
    ] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    #expect(!text.contains("…"))
    #expect(page.values() == [#"{"status":"SERVING","register":"NOT_SERVING","counts":\#(page.countsJSON)}"#])
  }
}

extension FigureTests {
  @Test(
    arguments: [
      (
        Language.ru,
        [
          "amnestyd: вызовов/с: 101, ошибок/с: 5, соединений: 4",
          "реестр не отвечает; в секунду: команд 10, внесено 0, чтений 0, фиксаций 0", "в очереди: команд 0, записей журнала 0",
          "просрочены сроки: исполнение закона 7; людей под стражей: 2",
          "метод     вызовов/с  ошибок/с    50 %    90 %     99 %", "a.S/M           100         5  1,0 мс  9,0 мс  10,0 мс",
          "a.S/Rare        0,5         0       -       -        -",
        ]
      ),
      (
        .kk,
        [
          "amnestyd: шақыру/с: 101, қате/с: 5, қосылымдар: 4",
          "тізілім жауап бермейді; секундына: команда 10, енгізілген 0, оқу 0, бекіту 0", "кезекте: команда 0, журнал жазбасы 0",
          "өткен мерзімдер: заңды орындау 7; қамаудағы адамдар: 2", "әдіс      шақыру/с  қате/с    50 %    90 %     99 %",
          "a.S/M          100       5  1,0 мс  9,0 мс  10,0 мс",
        ]
      ),
    ])
  func aLookIsToldInTheLanguage(_ language: Language, _ expected: [String]) {
    let terminal = Terminal(width: 80, hasColour: false, language: language)
    let lines = TopPage(change: FigureChange(before: before, after: after, seconds: 2)).lines(on: terminal)
    for line in expected { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
    #expect(lines.allSatisfy { $0.columns <= 80 })
    let quiet = TopPage(change: FigureChange(before: before, after: before, seconds: 1)).lines(on: terminal)
    #expect(quiet.contains(language == .ru ? "вызовов нет" : "шақыру жоқ"))
    #expect(quiet.contains(language == .ru ? "просроченных сроков нет" : "өткен мерзім жоқ"))
  }

  @Test func whatIsNoNumberIsNoTrap() {
    let odd = FigureText(
      """
      amnesty_connections inf
      amnesty_register_queued_commands nan
      amnesty_register_commands_total inf
      amnesty_calls_total{method="m",code="OK"} inf
      amnesty_call_seconds_bucket{method="m",le="+Inf"} inf
      """)
    let lines = TopPage(change: FigureChange(before: before, after: odd, seconds: 1)).lines(on: Terminal(width: 80, hasColour: false))
    #expect(lines.contains { $0.hasPrefix("queued: 0 commands") })
  }

  private func page() -> StatusPage {
    var page = StatusPage(health: .serving)
    page.register = .success(.notServing)
    let title = LocalizedText(en: "Law", ru: "Закон", kk: "Заң")
    let act = ActSummary(
      id: "kz-2022-152-vii", version: "1.0.0", digest: "sha256:0", title: title, standing: .final, excerpt: false, default: true,
      provisions: 3)
    page.acts = .success([act, act, act])
    let states = [
      "registered", "assessed", "referred", "proposed", "granted", "refused", "awaiting_judgment", "executed", "aftercare", "closed",
      "withdrawn", "revoked",
    ]
    page.counts = .success(
      SummarizeCasesResponse(
        cases: 12_000, byState: states.map { Count(word: $0, count: 1000) }, byOutcome: [], byMeasure: [], detained: 12, departures: 3,
        reassessmentDue: 2))
    page.late = .success([
      CaseSummary(
        reference: "SYN-2022-0000001", etag: "v1", state: .refused, office: "o", detained: true, measures: [], dueOn: "2023-05-03",
        overdue: true, updatedAt: "2022-11-03T10:00:00Z")
    ])
    return page
  }

  @Test(
    arguments: [
      (
        Language.ru,
        [
          "служба      отвечает", "реестр      не отвечает",
          "акт         kz-2022-152-vii 1.0.0, окончательно; ещё 2: act list",
          "дела        12_000, под стражей: 12, решено иначе, чем по проверке: 3, проверить",
          "  передано на решение человека  1_000  ########################################",
          "просроченные сроки, начиная с самых ранних (все: case list --overdue):",
          "  2023-05-03  SYN-2022-0000001  в амнистии отказано  под стражей",
        ]
      ),
      (
        .kk,
        [
          "қызмет      жауап береді", "тізілім     жауап бермейді",
          "акт         kz-2022-152-vii 1.0.0, түпкілікті; тағы 2: act list",
          "істер       12_000, қамауда: 12, тексеруден өзгеше шешілген: 3, қайта тексеру",
          "  рақымшылықтан бас тартылған  1_000  ########################################",
          "өткен мерзімдер, ең ертесінен бастап (бәрі: case list --overdue):",
          "  2023-05-03  SYN-2022-0000001  рақымшылықтан бас тартылған  қамауда",
        ]
      ),
    ])
  func statusIsToldInTheLanguage(_ language: Language, _ expected: [String]) {
    let terminal = Terminal(width: 80, hasColour: false, language: language)
    let lines = page().table(on: terminal)
    for line in expected.map({ $0.replacing("_", with: "\u{A0}") }) {
      #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))")
    }
    #expect(lines.allSatisfy { $0.columns <= 80 } && !lines.joined().contains("…"))
    let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(TranslatedErrorTests.english(in: text, but: ["act list"]) == nil)
  }

  @Test(arguments: [
    (Language.ru, "вашим ролям не показывается", "узнать не удалось: "), (.kk, "рөлдеріңізге көрсетілмейді", "білу мүмкін болмады: "),
  ])
  func whatStatusMayNotShowIsToldInTheLanguage(_ language: Language, _ hidden: String, _ broken: String) {
    var page = StatusPage(health: .serving)
    page.counts = .failure(Status(.permissionDenied, reason: "ROLE_MISSING", "no"))
    page.late = .failure(Status(.unavailable, reason: "REGISTER_UNAVAILABLE", "gone"))
    let text = page.table(on: Terminal(width: nil, hasColour: false, language: language)).joined(separator: " ")
    #expect(text.contains(hidden) && text.contains(broken), "\(text)")
  }
}

extension StatusPage {
  fileprivate var countsJSON: String { (try? counts?.get()).map { json($0) } ?? "" }
}
