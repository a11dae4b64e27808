// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRegister
package import AmnestyRules
internal import Crypto
internal import Synchronization

/// A clock that stands still until it is moved.
package final class ManualClock: Sendable {
  private let now: Mutex<Int64>

  package init(_ day: String = "2022-11-10") { now = Mutex(Int64(Day(day)?.number ?? 0) * 86_400_000) }

  package var clock: RegisterClock { RegisterClock { Instant(milliseconds: self.now.withLock { $0 }) } }

  package func advance(milliseconds: Int64) { now.withLock { $0 += milliseconds } }
}

/// Made-up people, offices and records.
package enum Synthetic {
  package static let office = "almaty"
  package static let today = day("2022-11-10")
  package static let scope = Scope.everything

  package static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

  package static func author(_ person: String, _ role: CaseRole, office: String = office, actor: String? = nil) -> Author {
    Author(person: person, principal: "user:\(1000 + person.utf8.count)", actor: actor, role: role, office: office)
  }

  package static let registrar = author("person-registrar", .registrar)
  package static let preparer = author("person-preparer", .preparer)
  package static let authority = author("person-authority", .authority)
  package static let executor = author("person-executor", .executor)
  package static let judge = author("person-judge", .authority)
  package static let carer = author("person-carer", .aftercare)

  package static let policy = RegisterPolicy(
    days: [.assignment: 2, .assess: 5, .propose: 5, .decide: 10, .execute: 1, .aftercare: 90],
    needs: [
      NeedPolicy(kind: .employment, responsible: "employment-centre", days: 30),
      NeedPolicy(kind: .medicalCare, responsible: "clinic", days: 10), NeedPolicy(kind: .documents, responsible: "tson", days: 15),
    ], subscribers: ["court-registry", "police-registry"])

  package static func digest(_ bytes: [UInt8]) -> String { "sha256:" + hex(Array(SHA256.hash(data: bytes))) }

  package static func record(
    _ note: String = "", family: String = "Сериков", given: String = "Ерлан", iin: String? = nil, detained: Bool? = true,
    stage: String = "sentenced", articles: [String] = ["202"], gravities: [String] = ["grave"], sources: [FactSource] = [],
    objects: Bool? = nil
  ) -> CaseRecord {
    let bytes = Array(#"{"note":"\#(note)","person":{"familyName":"\#(family)","givenName":"\#(given)"},"stage":"\#(stage)"}"#.utf8)
    return CaseRecord(
      bytes: bytes, digest: digest(bytes),
      columns: CaseColumns(stage: stage, detained: detained, gravities: gravities, articles: articles, personKey: iin),
      names: [PersonName(family: family, given: given)], iin: iin, objects: objects, sources: sources)
  }

  package static func newCase(_ reference: String, office: String = office, _ record: CaseRecord? = nil) -> NewCase {
    NewCase(reference: reference, office: office, record: record ?? self.record(reference))
  }

  package static let act = ActStamp(
    id: "made-up-act", version: "1.0.0", digest: "sha256:act-1", inForceFrom: day("2022-11-03"), executeThrough: day("2023-05-03"))

  package static func stamp(
    of stored: StoredCase, outcome: AssessmentOutcome = .eligible, measures: Set<String> = [Measure.reduceTerm], act: ActStamp = act,
    isFinal: Bool = true, asOf: Day = today, releaseOn: Day? = nil, newEnd: Day? = day("2023-04-10")
  ) -> AssessmentStamp {
    AssessmentStamp(
      act: act, recordDigest: stored.recordDigest, recordVersion: stored.recordVersion, asOf: asOf, isFinal: isFinal, outcome: outcome,
      measures: outcome == .ineligible ? [] : measures, releaseOn: releaseOn, newEnd: newEnd,
      bytes: Array(#"{"outcome":"\#(outcome.rawValue)"}"#.utf8))
  }

  package static func decide(_ verdict: Verdict, measures: Set<String>? = nil, reason: String? = nil) -> CaseCommand {
    .decide(
      DecideRequest(
        verdict: verdict, measures: measures, reason: reason, decidingBody: .body("court"), officeBody: "court", actDigest: act.digest))
  }

  package static func request(
    _ author: Author, method: String = "amnesty.v1.CaseService/Test", key: String? = nil, digest: [UInt8] = [1], etag: String? = nil,
    scope: Scope = scope, day: Day = today
  ) -> CommandRequest {
    CommandRequest(author: author, scope: scope, method: method, key: key, digest: digest, etag: etag, day: day) { effect in
      switch effect {
      case .registered(let stored, let link), .changed(let stored, let link):
        Array("\(stored.reference) \(stored.etag) \(stored.state.rawValue) \(link.number)".utf8)
      case .need(let need): Array("\(need.id) \(need.etag) \(need.state.rawValue)".utf8)
      case .acknowledged(let propagation): Array("\(propagation.id)".utf8)
      }
    }
  }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A key that signs checkpoints in tests.
package enum TestKey {
  private static let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 7, count: 32))

  package static var publicKey: [UInt8] { key.map { Array($0.publicKey.rawRepresentation) } ?? [] }

  package static func sign(_ message: [UInt8]) -> CheckpointSignature {
    key.flatMap { CheckpointSignature(message, with: $0) } ?? CheckpointSignature(publicKey: [], signature: [])
  }
}
