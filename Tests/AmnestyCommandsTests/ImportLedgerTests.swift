// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import NIOCore
internal import Testing

@testable internal import AmnestyCommands

struct ImportLedgerTests {
  static func entry(_ index: Int, isBad: Bool = false) -> ImportLedger.Entry {
    ImportLedger.Entry(
      index: index, line: index + 1, reference: "SYN-\(index)", failure: isBad ? .malformedJSON(offset: 0, "a test") : nil)
  }

  @Test func whatWasNotAnsweredIsSentAgainAndNothingElse() throws {
    var ledger = ImportLedger()
    for index in 0..<5 { ledger.add(Self.entry(index)) }
    #expect(try ledger.acknowledge(item: 0).map(\.index) == [0])
    #expect(try ledger.acknowledge(item: 1).map(\.index) == [1])

    ledger.restart()
    var again: [Int] = []
    while let entry = ledger.nextToRepeat() { again.append(entry.index) }
    #expect(again == [2, 3, 4])
    ledger.add(Self.entry(5))

    // The items of a new stream count from 0.
    for (item, index) in [2, 3, 4, 5].enumerated() {
      #expect(try ledger.acknowledge(item: item).map(\.index) == [index])
    }
    #expect(ledger.isEmpty && ledger.acknowledged == 6)
  }

  @Test func aSecondBreakWhileSendingAgainLosesNothing() throws {
    var ledger = ImportLedger()
    for index in 0..<4 { ledger.add(Self.entry(index)) }
    ledger.restart()
    #expect(ledger.nextToRepeat()?.index == 0)
    #expect(ledger.nextToRepeat()?.index == 1)
    #expect(try ledger.acknowledge(item: 0).map(\.index) == [0])
    ledger.restart()
    var again: [Int] = []
    while let entry = ledger.nextToRepeat() { again.append(entry.index) }
    #expect(again == [1, 2, 3])
  }

  @Test func aLineThatIsNoRecordIsSettledInItsPlaceAndNeverSent() throws {
    var ledger = ImportLedger()
    ledger.add(Self.entry(0, isBad: true))
    ledger.add(Self.entry(1))
    ledger.add(Self.entry(2, isBad: true))
    ledger.add(Self.entry(3))
    ledger.add(Self.entry(4, isBad: true))
    ledger.restart()
    #expect(ledger.nextToRepeat()?.index == 1)
    #expect(ledger.nextToRepeat()?.index == 3)
    #expect(ledger.nextToRepeat() == nil)
    #expect(try ledger.acknowledge(item: 0).map(\.index) == [0, 1])
    #expect(try ledger.acknowledge(item: 1).map(\.index) == [2, 3])
    #expect(ledger.finish().map(\.index) == [4])
    #expect(ledger.isEmpty)
  }

  @Test func anAnswerOutOfOrderIsNotTakenForAnotherRecords() throws {
    var ledger = ImportLedger()
    ledger.add(Self.entry(0))
    ledger.add(Self.entry(1))
    #expect(throws: Status.self) { _ = try ledger.acknowledge(item: 1) }
    var nothing = ImportLedger()
    #expect(throws: Status.self) { _ = try nothing.acknowledge(item: 0) }
  }

  /// Whatever breaks when: every record is answered exactly once, in order.
  @Test(arguments: 0..<200 as Range<UInt64>) func everyRecordIsSettledOnceHoweverItBreaks(_ seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func chance(_ sides: UInt64) -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state % sides
    }
    let count = 30
    var ledger = ImportLedger()
    var read = 0
    var settled: [Int] = []
    // What the daemon has taken on the present stream and not answered.
    var atTheDaemon: [Int] = []
    var answered = 0
    while settled.count < count {
      switch chance(8) {
      case 0:
        ledger.restart()
        atTheDaemon = []
        answered = 0
      case 1...4:
        if let entry = ledger.nextToRepeat() {
          atTheDaemon.append(entry.index)
        } else if read < count {
          let entry = Self.entry(read, isBad: chance(5) == 0)
          ledger.add(entry)
          if entry.failure == nil { atTheDaemon.append(read) }
          read += 1
        } else if atTheDaemon.isEmpty {
          settled += ledger.finish().map(\.index)
        }
      default:
        guard !atTheDaemon.isEmpty else { continue }
        let entries = try ledger.acknowledge(item: answered)
        #expect(entries.last?.index == atTheDaemon.removeFirst())
        answered += 1
        settled += entries.map(\.index)
      }
    }
    #expect(settled == Array(0..<count))
  }

  @Test func theTallyCountsWhatBecameOfEach() {
    var tally = ImportTally()
    for result in [ImportResult.registered, .registered, .unchanged, .failed] { tally.add(result) }
    #expect(tally.total == 4)
    #expect(tally.line(.en, elapsed: .milliseconds(1)) == "4 records: 2 registered, 1 there already, 1 failed")
    #expect(tally.line(.ru, elapsed: .milliseconds(1)) == "Записей: 4 (внесено: 2, уже было: 1, не принято: 1)")
    #expect(tally.line(.kk, elapsed: .milliseconds(1)) == "Жазбалар: 4 (тіркелді: 2, бұрыннан бар: 1, қабылданбады: 1)")
  }
}
