// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Crypto
internal import RegisterConformance
internal import Testing

@Suite struct AuditTests {
  static func log(_ count: Int) -> [AuditEntry] {
    var entries: [AuditEntry] = []
    for number in 1...count {
      let note = AuditNote(
        kind: number % 3 == 0 ? .read : .command, at: Instant(milliseconds: 1_668_000_000_000 + Int64(number)),
        author: number % 4 == 0 ? nil : Synthetic.author("Әсел \"\(number)\"", .registrar, actor: number % 2 == 0 ? "clerk-17" : nil),
        method: "amnesty.v1.CaseService/Test", subject: number % 5 == 0 ? nil : "SYN-\(number)", details: [.init("link", "\(number)")])
      entries.append(.following(sequence: Int64(entries.count), hash: entries.last?.hash ?? AuditEntry.origin, note))
    }
    return entries
  }

  static func fault(_ entries: [AuditEntry], _ checkpoints: [AuditCheckpoint] = []) -> AuditFault? {
    do throws(AuditFault) {
      var verifier = try AuditVerifier(checkpoints: checkpoints)
      for entry in entries { try verifier.check(entry) }
      try verifier.finish()
      return nil
    } catch { return error }
  }

  @Test func aWholeLogHolds() { #expect(AuditTests.fault(AuditTests.log(40)) == nil) }

  @Test func aLineReadsBackAsTheEntry() {
    for entry in AuditTests.log(40) { #expect(AuditEntry(line: entry.line) == entry) }
  }

  @Test func everyMemberIsCovered() {
    let log = AuditTests.log(12)
    let changes: [(inout AuditEntry) -> Void] = [
      { $0.note.kind = .denied }, { $0.note.at = $0.note.at.adding(milliseconds: 1) }, { $0.note.author?.person += "x" },
      { $0.note.author?.principal += "x" }, { $0.note.author?.actor = "other" }, { $0.note.author?.role = .admin },
      { $0.note.author?.office = "astana" }, { $0.note.author = nil }, { $0.note.method += "x" }, { $0.note.subject = nil },
      { $0.note.details = [] }, { $0.note.details[0].value = "9" }, { $0.hash[31] ^= 1 }, { $0.previous[0] ^= 1 },
    ]
    for change in changes {
      var log = log
      change(&log[6])
      #expect(AuditTests.fault(log) == AuditFault(.changed, at: 7))
    }
  }

  /// Whoever changes an entry and makes its hash anew is found at the next.
  @Test func aNewHashIsFoundAtTheNextEntry() {
    var log = AuditTests.log(12)
    log[6].note.subject = "SYN-other"
    log[6].hash = log[6].computedHash
    #expect(AuditTests.fault(log) == AuditFault(.unlinked, at: 8))
  }

  @Test(arguments: 0..<12) func anythingLeftOutIsFound(place: Int) {
    var log = AuditTests.log(12)
    log.remove(at: place)
    #expect(AuditTests.fault(log) == (place == 11 ? nil : AuditFault(.missing, at: Int64(place + 1))))
  }

  @Test(arguments: 0..<11) func anyTwoThatChangePlacesAreFound(place: Int) {
    var log = AuditTests.log(12)
    log.swapAt(place, place + 1)
    #expect(AuditTests.fault(log) == AuditFault(.missing, at: Int64(place + 1)))
    log = AuditTests.log(12)
    log.insert(log[place], at: place + 1)
    #expect(AuditTests.fault(log) == AuditFault(.reordered, at: Int64(place + 2)))
  }

  @Test func aCheckpointFindsACutOffTail() throws {
    let key = Curve25519.Signing.PrivateKey()
    let log = AuditTests.log(12)
    func checkpoint(_ entry: AuditEntry, hash: [UInt8]? = nil) throws -> AuditCheckpoint {
      let hash = hash ?? entry.hash
      let signature = try #require(
        CheckpointSignature(AuditCheckpoint.message(register: "r", sequence: entry.sequence, hash: hash, at: entry.note.at), with: key))
      return AuditCheckpoint(
        register: "r", sequence: entry.sequence, hash: hash, at: entry.note.at, publicKey: signature.publicKey,
        signature: signature.signature)
    }
    let sound = try checkpoint(log[9])
    #expect(AuditTests.fault(log, [sound]) == nil)
    #expect(AuditTests.fault(Array(log.prefix(9)), [sound]) == AuditFault(.truncated, at: 10))
    #expect(AuditTests.fault(Array(log.prefix(10)), [sound]) == nil)
    #expect(AuditTests.fault(log, [try checkpoint(log[9], hash: log[8].hash)]) == AuditFault(.rewritten, at: 10))
    var forged = sound
    forged.signature[3] ^= 1
    #expect(AuditTests.fault(log, [forged]) == AuditFault(.badSignature, at: 10))
    #expect(!sound.isValid(trusting: Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)))
    #expect(AuditCheckpoint(line: sound.line) == sound)
  }

  @Test func aLineOfAnExportThatSaysTheSameInOtherBytesIsChanged() throws {
    var verifier = try AuditVerifier()
    let line = String(decoding: AuditTests.log(1)[0].line, as: UTF8.self)
    #expect(throws: AuditFault(.unreadable, at: 1)) { try verifier.check(line: "not a line".utf8) }
    let copy = verifier
    #expect(throws: AuditFault(.changed, at: 1)) {
      var verifier = copy
      try verifier.check(line: line.replacing("{\"sequence\":1,", with: "{\"sequence\":1,\"more\":1,").utf8)
    }
    try verifier.check(line: line.utf8)
  }
}
