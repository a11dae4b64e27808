// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import Testing

@Suite struct ActCatalogueTests {
  private let catalogue: ActCatalogue
  private let law = ServiceFixture.amnesty2022

  init() throws { catalogue = ActCatalogue(ActsInForce(try ServiceFixture.snapshot())) }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: "\(ServiceFixture.folder)/\(name)", encoding: .utf8) }

  private func compare(_ first: String, _ other: String) async throws -> CompareActsResponse {
    try await catalogue.compare(
      CompareActsRequest(actId: first, otherActId: other), context: ServiceFixture.context(ActService.compare.descriptor))
  }

  private func check(_ request: CheckActRequest) async throws -> CheckActResponse {
    try await catalogue.check(request, context: ServiceFixture.context(ActService.check.descriptor))
  }

  @Test func aDraftIsListedAsOneAndSaysSo() throws {
    let acts = try catalogue.list(ListActsRequest(), context: ServiceFixture.context(ActService.list.descriptor)).acts
    #expect(acts.filter { $0.draft == true }.map(\.id) == ["kz-2022-announced", "kz-2022-majilis", "kz-2022-senate"])
    #expect(acts.filter(\.default).map(\.id) == [law])
    for act in acts where act.draft == true {
      #expect(act.standing == .provisional && act.inForceFrom == nil && act.note?.en.contains("nothing is decided on it") == true)
    }
  }

  @Test func whatAnActExtendsIsShownWithIt() async throws {
    let senate = try await catalogue.get(GetActRequest(actId: "kz-2022-senate"), context: ServiceFixture.context(ActService.get.descriptor))
    #expect(senate.source == (try text("kz-2022-senate.yaml")))
    #expect(senate.bases?.map(\.fileName) == ["kz-2022-152-vii.yaml"])
    #expect(senate.bases?.first?.source == (try text("kz-2022-152-vii.yaml")))
    let alone = try await catalogue.get(GetActRequest(actId: law), context: ServiceFixture.context(ActService.get.descriptor))
    #expect(alone.bases == nil)
  }

  @Test func twoActsAreComparedFromTheFirstToTheOther() async throws {
    let answer = try await compare("kz-2022-senate", law)
    #expect(answer.act.id == "kz-2022-senate" && answer.other.id == law && answer.other.default)
    #expect(answer.members.first { $0.member == "act.draft" }.map { [$0.before, $0.after] } == ["true", nil])
    let cut = try #require(answer.provisions.first { $0.id == "relief.grave" })
    #expect(cut.change == .changed && cut.parts == [.basis, .source])
    #expect(cut.before?.basis == .inferred && cut.after?.basis == .reported)
    #expect(cut.after?.effect?.hasPrefix("{ measure: reduce_term") == true && cut.after?.kind == "relief")
    let back = try await compare(law, "kz-2022-senate")
    #expect(back.provisions.count == answer.provisions.count && back.members.count == answer.members.count)
    let removed = answer.provisions.filter { $0.change == .removed }.map(\.id)
    #expect(back.provisions.filter { $0.change == .added }.map(\.id) == removed && !removed.isEmpty)
  }

  @Test func anActIsLikeItselfAndOneThatIsNotLoadedIsTold() async throws {
    let same = try await compare(law, law)
    #expect(same.members.isEmpty && same.provisions.isEmpty)
    await #expect(throws: Status.self) { try await compare(law, "no-such-act") }
    do { _ = try await compare("no-such-act", law) } catch let status as Status { #expect(status.reason == "UNKNOWN_ACT") }
  }

  @Test func anActIsCheckedWithWhatItExtends() async throws {
    let base = ActFileSource(fileName: "kz-2022-152-vii.yaml", source: try text("kz-2022-152-vii.yaml"))
    let source = try text("kz-2022-senate.yaml")
    let examples = try text("kz-2022-senate.examples.csv")
    let good = try await check(CheckActRequest(source: source, examples: examples, fileName: "acts/kz-2022-senate.yaml", bases: [base]))
    #expect(good.ok && good.act?.draft == true, "\(good.problems)")
    let alone = try await check(CheckActRequest(source: source, fileName: "acts/kz-2022-senate.yaml"))
    #expect(!alone.ok && alone.problems.first?.message.contains("kz-2022-152-vii.yaml") == true)
    let broken = ActFileSource(fileName: base.fileName, source: base.source.replacing("fact: nexus,", with: "fact: nexuss,"))
    let told = try await check(CheckActRequest(source: source, fileName: "acts/kz-2022-senate.yaml", bases: [broken]))
    #expect(told.problems.map(\.file) == ["acts/kz-2022-152-vii.yaml"] && told.problems.first?.message == "unknown fact nexuss")
  }
}
