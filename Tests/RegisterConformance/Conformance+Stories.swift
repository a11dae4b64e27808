// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules

extension Conformance {
  static let stories: [Conformance] = [
    Conformance(name: "a case from intake to the end of aftercare") { subject in
      try await subject.register("SYN-1")
      try await subject.grant("SYN-1")
      let executed = try await subject.execute("SYN-1")
      try expectEqual(executed.state, .aftercare)
      try expectEqual(
        executed.chain.execution?.orders, [Order(kind: .newEnd, on: Synthetic.day("2023-04-10"), measure: Measure.reduceTerm)])
      try await expectError(.needsOpen(3)) { try await subject.apply(.close(note: nil), to: "SYN-1", by: Synthetic.executor) }

      let needs = try await subject.register.read { reading throws(RegisterError) in
        try reading.needs(NeedFilter(), page: PageRequest(size: 10), scope: .everything).items
      }
      try expectEqual(Set(needs.map(\.kind)), [.employment, .medicalCare, .documents])
      try expectEqual(needs.first { $0.kind == .medicalCare }?.dueOn, Synthetic.day("2023-04-20"))
      try expectEqual(needs.first?.name?.family, "Сериков")
      for need in needs {
        _ = try await subject.register.perform(
          .onNeed(need.id, NeedCommand(state: .done, note: "settled")), Synthetic.request(Synthetic.carer, etag: need.etag))
      }
      let closed = try await subject.apply(.close(note: nil), to: "SYN-1", by: Synthetic.executor)
      try expectEqual(closed.state, .closed)
      try expectEqual(closed.clocks, [])

      let links = try await subject.links("SYN-1")
      try expectEqual(links.map(\.kind), [.register, .assess, .propose, .decide, .execute, .need, .need, .need, .close])
      try expectEqual(links.map(\.number), Array(1...9))
      let decision = links[3]
      try expectEqual(decision.author, Synthetic.authority)
      try expectEqual(decision.assessment, 1)
      try expectEqual(decision.actDigest, Synthetic.act.digest)
      try expectEqual(decision.factsDigest, closed.recordDigest)
      try expectEqual(try await subject.register.maintenance.check().problems, [])
    },
    Conformance(name: "every part of a chain reads back as it was") { subject in
      try await subject.register("SYN-1")
      try await subject.apply(.assign(to: "somebody \"quoted\"\n"), to: "SYN-1", by: Synthetic.judge)
      try await subject.apply(.pauseClock(.assess, reason: "ждём документы"), to: "SYN-1", by: Synthetic.preparer)
      var stored = try await subject.get("SYN-1")
      try expectEqual(stored.clocks.first { $0.kind == .assess }?.pauseReason, "ждём документы")
      let stamp = Synthetic.stamp(of: stored, outcome: .referred, measures: [Measure.terminate, Measure.reduceAtSentencing])
      try await subject.apply(.assess(stamp), to: "SYN-1", by: Synthetic.preparer)
      try await subject.apply(.resolveReferral(reason: "settled"), to: "SYN-1", by: Synthetic.judge)
      try await subject.apply(.object(note: "in writing"), to: "SYN-1", by: Synthetic.registrar)
      try await subject.apply(.propose(.grant, measures: nil, reason: "departs"), to: "SYN-1", by: Synthetic.preparer)
      stored = try await subject.get("SYN-1")
      try expectEqual(stored.chain.resolution?.reason, "settled")
      try expectEqual(stored.chain.objection?.note, "in writing")
      try expectEqual(stored.chain.proposal?.departs, true)
      try await subject.apply(.withdrawObjection(note: nil), to: "SYN-1", by: Synthetic.registrar)
      try await subject.apply(Synthetic.decide(.grant, reason: "departs"), to: "SYN-1", by: Synthetic.authority)
      try await subject.apply(.appeal(.prosecutor, reason: "wrong"), to: "SYN-1", by: Synthetic.registrar)
      try await subject.execute("SYN-1")
      stored = try await subject.apply(
        .recordJudgment(reference: "1-22/44", on: Synthetic.today, term: Term(months: 24)), to: "SYN-1", by: Synthetic.executor)
      try expectEqual(stored.state, .executed)
      try expectEqual(stored.chain.judgment, Judgment(reference: "1-22/44", on: Synthetic.today, term: Term(months: 24)))
      try expectEqual(stored.chain.appeal?.side, .prosecutor)
      try expectEqual(stored.chain.decision?.departs, true)
      stored = try await subject.apply(.resolveAppeal(upheld: true, reason: "indeed"), to: "SYN-1", by: Synthetic.judge)
      try expectEqual(stored.state, .revoked)
      try expectEqual(stored.chain.revocation?.orders.map(\.kind), [.resumeProceedings, .restoreTerm])
      stored = try await subject.apply(.assess(Synthetic.stamp(of: stored, outcome: .ineligible)), to: "SYN-1", by: Synthetic.preparer)
      try expectEqual(stored.chain.assessment?.number, 2)
      try expectEqual(try await subject.register.maintenance.check().problems, [])
    },
    Conformance(name: "a correction keeps what was known before") { subject in
      let first = Synthetic.record("one", sources: [FactSource(pointer: "/stage", source: "clerk", learntOn: Synthetic.day("2022-11-01"))])
      let second = Synthetic.record(
        "two",
        sources: [
          FactSource(pointer: "/stage", source: "court", learntOn: Synthetic.day("2022-11-09"), validFrom: Synthetic.day("2022-06-10"))
        ])
      var stored = try await subject.register("SYN-1", first)
      stored = try await subject.apply(.assess(Synthetic.stamp(of: stored)), to: "SYN-1", by: Synthetic.preparer)
      subject.clock.advance(milliseconds: 1000)
      stored = try await subject.apply(
        .update(second, reason: "the court's copy"), to: "SYN-1", by: Synthetic.author("other-clerk", .registrar))
      try expectEqual(stored.state, .registered)
      try expectEqual(stored.recordVersion, 2)
      try expectEqual(stored.chain.recordAuthors, [Synthetic.registrar.person, "other-clerk"])
      let versions = try await subject.register.read { reading throws(RegisterError) in
        try reading.recordVersions(of: "SYN-1", scope: .everything)
      }
      try expectEqual(versions.map(\.bytes), [first.bytes, second.bytes])
      try expectEqual(versions.map(\.sources), [first.sources, second.sources])
      try expectEqual(versions.map(\.reason), [nil, "the court's copy"])
      try expectEqual(versions.map(\.author.person), [Synthetic.registrar.person, "other-clerk"])
      try expect(versions[0].recordedAt < versions[1].recordedAt)

      // Replay: the assessment of then stands with the record of then.
      let then = try await subject.register.read { reading throws(RegisterError) in
        let found = try reading.assessment(of: "SYN-1", number: 1, scope: .everything)
        return [found.record.bytes, found.assessment.stamp.bytes, Array(found.assessment.stamp.act.digest.utf8)]
      }
      try expectEqual(then, [first.bytes, Array(#"{"outcome":"eligible"}"#.utf8), Array(Synthetic.act.digest.utf8)])
    },
    Conformance(name: "an assessment of another record is refused") { subject in
      let stored = try await subject.register("SYN-1")
      try await subject.apply(.update(Synthetic.record("two"), reason: nil), to: "SYN-1", by: Synthetic.registrar)
      try await expectError(.assessmentStale(.facts)) {
        try await subject.apply(.assess(Synthetic.stamp(of: stored)), to: "SYN-1", by: Synthetic.preparer)
      }
    },
    Conformance(name: "a removed conviction is told to every subscriber until each has confirmed") { subject in
      try await subject.register("SYN-1", Synthetic.record(stage: "served"))
      try await subject.grant("SYN-1", [Measure.removeConviction])
      try await subject.execute("SYN-1")
      func unconfirmed() async throws -> [Propagation] {
        try await subject.register.read { reading throws(RegisterError) in
          var filter = PropagationFilter()
          filter.unconfirmedOnly = true
          return try reading.propagations(filter, page: PageRequest(size: 10), scope: .everything).items
        }
      }
      let open = try await unconfirmed()
      try expectEqual(open.map(\.subscriber), Synthetic.policy.subscribers)
      try expectEqual(open.map(\.kind), [.convictionRemoved, .convictionRemoved])
      let now = subject.clock.clock.now()
      try await subject.register.maintenance.recordAttempt(
        propagation: open[0].id, error: "no answer", nextAttemptAt: now.adding(milliseconds: 60_000))
      let tried = try await unconfirmed()
      try expectEqual(tried.map(\.attempts), [1, 0])
      try expectEqual(tried.map(\.nextAttemptAt), [now.adding(milliseconds: 60_000), open[1].nextAttemptAt])
      let service = Synthetic.author("court-service", .delegate)
      try await expectError(.notFound) {
        _ = try await subject.register.perform(
          .acknowledge(propagation: open[0].id, subscriber: "police-registry"), Synthetic.request(service))
      }
      _ = try await subject.register.perform(
        .acknowledge(propagation: open[0].id, subscriber: "court-registry"), Synthetic.request(service))
      _ = try await subject.register.perform(
        .acknowledge(propagation: open[0].id, subscriber: "court-registry"), Synthetic.request(service))
      try expectEqual(try await unconfirmed().map(\.subscriber), ["police-registry"])
      try await subject.apply(.revoke(.forgedPaper, reason: "forged"), to: "SYN-1", by: Synthetic.judge)
      try expectEqual(try await unconfirmed().map(\.kind), [.convictionRemoved, .convictionRestored, .convictionRestored])
    },
    Conformance(name: "a sealed case is not there for those it is sealed from") { subject in
      try await subject.register("SYN-1", Synthetic.record(family: "Өмірбеков", iin: "123456789013", stage: "served"))
      try await subject.register("SYN-2", Synthetic.record(iin: "123456789013"))
      try await subject.grant("SYN-1", [Measure.removeConviction])
      try await subject.execute("SYN-1")
      let unprivileged = Scope(offices: [Synthetic.office], sealedOffices: [])
      let privileged = Scope(offices: [Synthetic.office], sealedOffices: [Synthetic.office])
      try expect(try await subject.get("SYN-1", scope: privileged).chain.sealed)
      try await expectError(.notFound) { _ = try await subject.get("SYN-1", scope: unprivileged) }
      try await expectError(.notFound) { _ = try await subject.links("SYN-1", scope: unprivileged) }
      try await expectError(.notFound) {
        _ = try await subject.register.perform(
          .onCase("SYN-1", .update(Synthetic.record("x"), reason: nil)), Synthetic.request(Synthetic.registrar, scope: unprivileged))
      }
      let hidden = try await subject.register.read { reading throws(RegisterError) in
        func none(_ references: [String]) -> Bool { !references.contains("SYN-1") }
        let page = PageRequest(size: 100)
        var hidden: [Bool] = []
        hidden.append(none(try reading.list(CaseFilter(), order: .reference, page: page, scope: unprivileged).items.map(\.reference)))
        hidden.append(try none(reading.list(CaseFilter(), order: .updated, page: page, scope: unprivileged).items.map(\.reference)))
        hidden.append(try none(reading.list(CaseFilter(), order: .deadline, page: page, scope: unprivileged).items.map(\.reference)))
        for words in ["Өмірбеков", "Omirb", "SYN-1", "123456789013"] {
          hidden.append(try none(reading.search(words, limit: 10, scope: unprivileged).cases.map(\.reference)))
          if words != "123456789013" {
            hidden.append(try !none(reading.search(words, limit: 10, scope: privileged).cases.map(\.reference)))
          }
        }
        hidden.append(try none(reading.work(WorkFilter(), page: page, scope: unprivileged).items.map(\.reference)))
        hidden.append(try none(reading.proceedings(ofPersonIn: "SYN-2", scope: unprivileged).map(\.reference)))
        hidden.append(try !none(reading.proceedings(ofPersonIn: "SYN-2", scope: privileged).map(\.reference)))
        hidden.append(try none(reading.changes(after: 0, limit: 100, scope: unprivileged).changes.map(\.reference)))
        hidden.append(try none(reading.scan(after: nil, limit: 100, scope: unprivileged).map(\.reference)))
        hidden.append(try none(reading.propagations(PropagationFilter(), page: page, scope: unprivileged).items.map(\.reference)))
        hidden.append(try reading.get(["SYN-1"], scope: unprivileged) == [nil])
        hidden.append(try reading.summary(CaseFilter(), scope: unprivileged).total == 1)
        return hidden
      }
      try expectEqual(hidden, [Bool](repeating: true, count: hidden.count))
      // Whoever watched it is told to forget it, once.
      let gone = try await subject.register.read { reading throws(RegisterError) in
        try reading.changes(after: 1, limit: 100, scope: unprivileged).changes.filter { $0.reference == "SYN-1" }.map(\.gone)
      }
      try expectEqual(gone, [true])
    },
    Conformance(name: "another office's case does not exist") { subject in
      try await subject.register("SYN-1")
      let scope = Scope(offices: ["astana"], sealedOffices: ["astana"])
      try await expectError(.notFound) { _ = try await subject.get("SYN-1", scope: scope) }
      try await expectError(.notFound) {
        _ = try await subject.register.perform(
          .onCase("SYN-1", .withdraw(reason: "x")), Synthetic.request(Synthetic.registrar, scope: scope))
      }
      try await subject.apply(.transfer(to: "astana", reason: "moved there"), to: "SYN-1", by: Synthetic.registrar)
      try expectEqual(try await subject.get("SYN-1", scope: scope).office, "astana")
      try await expectError(.notFound) { _ = try await subject.get("SYN-1", scope: Scope(offices: ["almaty"], sealedOffices: nil)) }
    },
    Conformance(name: "needs are noted, closed once, and hide the case") { subject in
      try await subject.register("SYN-1")
      try await subject.grant("SYN-1")
      try await subject.execute("SYN-1")
      func needs(_ filter: NeedFilter = NeedFilter(), scope: Scope = .everything) async throws -> [Need] {
        try await subject.register.read { reading throws(RegisterError) in
          try reading.needs(filter, page: PageRequest(size: 10), scope: scope).items
        }
      }
      let need = try await needs()[0]
      try await expectError(.notFound) {
        _ = try await subject.register.perform(
          .onNeed(need.id, NeedCommand(state: .done)),
          Synthetic.request(Synthetic.carer, scope: Scope(offices: ["astana"], sealedOffices: nil)))
      }
      try await expectError(.wrongRole(.viewer, command: .need, needed: [.aftercare])) {
        _ = try await subject.register.perform(
          .onNeed(need.id, NeedCommand(state: .done)), Synthetic.request(Synthetic.author("x", .viewer)))
      }
      _ = try await subject.register.perform(
        .onNeed(need.id, NeedCommand(state: .inProgress, dueOn: Synthetic.day("2023-05-01"), note: "called")),
        Synthetic.request(Synthetic.carer))
      try await expectError(.staleEtag(current: "v2")) {
        _ = try await subject.register.perform(.onNeed(need.id, NeedCommand(state: .done)), Synthetic.request(Synthetic.carer, etag: "v1"))
      }
      var overdue = NeedFilter()
      overdue.overdueOn = Synthetic.day("2023-04-26")
      try expectEqual(try await needs(overdue).map(\.kind), [.documents])
      _ = try await subject.register.perform(.onNeed(need.id, NeedCommand(state: .declined)), Synthetic.request(Synthetic.carer))
      try await expectError(.needClosed(.declined)) {
        _ = try await subject.register.perform(.onNeed(need.id, NeedCommand(state: .open)), Synthetic.request(Synthetic.carer))
      }
      try await subject.apply(.revoke(.other, reason: "for a reason"), to: "SYN-1", by: Synthetic.judge)
      try expectEqual(Set(try await needs().map(\.state)), [.declined, .cancelled])
      // Who is freed again is helped again, whatever was settled before.
      try await subject.grant("SYN-1", [Measure.reduceTerm])
      try await subject.execute("SYN-1")
      let open = try await needs().filter { $0.state == .open }
      try expectEqual(Set(open.map(\.kind)), [.employment, .medicalCare, .documents])
      let another = RegisterCommand.addNeed("SYN-1", .employment, responsible: nil, note: nil)
      try await expectError(.needOpen(.employment)) {
        _ = try await subject.register.perform(another, Synthetic.request(Synthetic.executor))
      }
      for need in open where need.kind == .employment {
        _ = try await subject.register.perform(.onNeed(need.id, NeedCommand(state: .done)), Synthetic.request(Synthetic.carer))
      }
      _ = try await subject.register.perform(another, Synthetic.request(Synthetic.executor))
    },
  ]
}
