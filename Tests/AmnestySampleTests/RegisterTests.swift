// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestySample
internal import Crypto
internal import NIOCore
internal import Testing

@Suite struct RegisterTests {
  private func text(_ register: SyntheticRegister, chunkBytes: Int = 4096) -> String {
    var text = ""
    register.writeLines(chunkBytes: chunkBytes) { text += String(decoding: $0.readableBytesView, as: UTF8.self) }
    return text
  }

  private func digest(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).map { byte in
      let hex = String(byte, radix: 16)
      return hex.utf8.count == 1 ? "0" + hex : hex
    }.joined()
  }

  /// The register of `make run`, byte for byte, on every machine. A change of the generator changes this line, on purpose.
  @Test func aSeedNamesOneRegister() {
    #expect(digest(text(SyntheticRegister(people: 1646, seed: 2022))) == "69f108a3bbe8020c766980231032c3af1e9969ad4ecb92339482a976af9a5853")
  }

  @Test func howItIsCutIntoChunksChangesNothing() {
    let register = SyntheticRegister(people: 300, seed: 5, contradictions: 20)
    #expect(text(register, chunkBytes: 1) == text(register, chunkBytes: 1 << 20))
    #expect(text(register) != text(SyntheticRegister(people: 300, seed: 6, contradictions: 20)))
  }

  @Test func noTwoReferencesAreEqualAndAllAreSynthetic() {
    let references = SyntheticRegister(people: 5000, seed: 9, contradictions: 40).map(\.reference)
    #expect(references.count == 5040)
    #expect(Set(references).count == 5040)
    #expect(references.allSatisfy { $0.hasPrefix("SYN-") && $0.utf8.count <= 64 })
  }

  @Test func everyNumberIsValidButTheOneMadeWrong() {
    for drawn in SyntheticRegister(people: 5000, seed: 11) {
      #expect(drawn.iin.map(IdentificationNumber.isValid) == true)
    }
    let wrong = Contradiction.wrongControlDigit.record(reference: "SYN-BAD-1", dice: Dice(seed: 1))
    #expect(wrong.iin.map(IdentificationNumber.isValid) == false)
  }

  @Test func nobodyIsSentencedOnOrAfterTheEntryIntoForce() {
    for drawn in SyntheticRegister(people: 5000, seed: 13) {
      guard let sentence = drawn.sentence, let imposed = sentence.imposedOn else { continue }
      #expect(imposed < .entryIntoForce)
      if let served = sentence.servedOn { #expect(served < .entryIntoForce) }
    }
  }

  /// The joint term is what the parts and the way of joining them make it.
  @Test func jointTermsAgreeWithTheirParts() {
    var joined = 0
    for drawn in SyntheticRegister(people: 5000, seed: 17) {
      guard let sentence = drawn.sentence, drawn.offences.count > 1 else { continue }
      let parts = drawn.offences.compactMap(\.months)
      guard let longest = parts.max(), let joint = sentence.months else { continue }
      joined += 1
      switch sentence.aggregation {
      case .single: Issue.record("single with \(parts.count) offences")
      case .absorption: #expect(joint == longest)
      case .addition: #expect(joint == parts.reduce(0, +))
      case .partialAddition: #expect((longest...parts.reduce(0, +)).contains(joint))
      }
    }
    #expect(joined > 300)
  }

  /// What a run over the sample must meet: both sides, both scripts, and facts that are missing, disputed or lost.
  @Test func theRegisterHasEverythingTheErrorsAndTheLawSpeakOf() {
    var seen = Set<String>()
    for drawn in SyntheticRegister(people: 1646, seed: 2022) {
      seen.insert(drawn.name.family.utf8.allSatisfy { $0 < 0x80 } ? "latin" : "cyrillic")
      seen.insert(drawn.stage.rawValue)
      seen.formUnion(drawn.offences.compactMap(\.nexus))
      seen.formUnion(drawn.offences.flatMap { $0.classes ?? ["classes unknown"] })
      if drawn.recidivism == nil { seen.insert("recidivism unknown") }
      if let recidivism = drawn.recidivism { seen.insert(recidivism) }
      if drawn.objectsToTermination == nil { seen.insert("objection unknown") }
      if !drawn.disputed.isEmpty { seen.insert("disputed") }
      if !drawn.unknowable.isEmpty { seen.insert("unknowable") }
      if drawn.offences.contains(where: { ($0.from ?? $0.through ?? .entryIntoForce) < CalendarDay(2022, 1, 4) }) { seen.insert("early") }
      if drawn.offences.contains(where: { $0.territory != "KZ" && $0.territory != nil }) { seen.insert("abroad") }
      if let sentence = drawn.sentence { seen.insert(sentence.aggregation.rawValue) }
      if let sentence = drawn.sentence { seen.insert(sentence.penalty.rawValue) }
      let minor = (drawn.bornOn ?? CalendarDay(1970, 1, 1)) > CalendarDay(2004, 1, 7)
      if minor, drawn.offences[0].classes == ["riot_organisation"] { seen.insert("organiser under 18") }
    }
    let expected: Set<String> = [
      "latin", "cyrillic", "investigation", "trial", "appeal", "sentenced", "served", "riot", "suppression", "none", "torture", "extremism",
      "terrorism", "riot_organisation", "classes unknown", "recidivism unknown", "recidivism", "dangerous_recidivism",
      "objection unknown", "disputed", "unknowable", "early", "abroad", "single", "absorption", "addition", "partial_addition",
      "imprisonment", "suspended", "restriction_of_liberty", "fine", "organiser under 18",
    ]
    #expect(expected.subtracting(seen).isEmpty)
  }
}
