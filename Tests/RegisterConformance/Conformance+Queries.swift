// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules

extension Conformance {
  static let queries: [Conformance] = [
    Conformance(name: "needs come by their days, then people in custody first, then kinds and cases") { subject in
      for (reference, detained) in [("SYN-1", false), ("SYN-2", nil), ("SYN-3", true), ("SYN-4", true)] as [(String, Bool?)] {
        try await subject.register(reference, Synthetic.record(reference, detained: detained))
        try await subject.grant(reference, [Measure.release])
        try await subject.execute(reference)
      }
      var listed: [String] = []
      var token: String?
      repeat {
        let page = try await subject.register.read { [token] reading throws(RegisterError) in
          try reading.needs(NeedFilter(), page: PageRequest(size: 1, token: token), scope: .everything)
        }
        listed += page.items.map { "\($0.kind.rawValue) \($0.reference)" }
        token = page.nextToken
      } while token != nil
      try expectEqual(
        listed,
        ["medical_care", "documents", "employment"].flatMap { kind in ["SYN-3", "SYN-4", "SYN-1", "SYN-2"].map { "\(kind) \($0)" } })
    },
    Conformance(name: "pages of every order and filter are what a sort in memory gives") { subject in
      var generator = SeededGenerator(seed: 7)
      for number in 0..<90 {
        let reference = "SYN-\(Int.random(in: 0..<10_000, using: &generator))-\(number)"
        let stages = ["investigation", "trial", "sentenced", "served"]
        try await subject.register(
          reference, office: ["almaty", "astana", "shymkent"].randomElement(using: &generator) ?? "almaty",
          Synthetic.record(
            reference, detained: [true, false, nil].randomElement(using: &generator) ?? nil,
            stage: stages.randomElement(using: &generator) ?? "trial",
            articles: [["202"], ["202", "272"], ["188-1"]].randomElement(using: &generator) ?? [],
            gravities: [["grave"], ["minor", "grave"], []].randomElement(using: &generator) ?? []))
        if Int.random(in: 0..<3, using: &generator) == 0 { subject.clock.advance(milliseconds: 5) }
        if Bool.random(using: &generator) {
          let stored = try await subject.get(reference)
          try await subject.apply(
            .assess(Synthetic.stamp(of: stored, outcome: AssessmentOutcome.allCases.randomElement(using: &generator) ?? .eligible)),
            to: reference,
            by: Synthetic.preparer)
        }
        if Bool.random(using: &generator) { try await subject.apply(.assign(to: "somebody"), to: reference, by: Synthetic.preparer) }
      }
      let everything = try await subject.register.read { reading throws(RegisterError) in
        try reading.scan(after: nil, limit: 1000, scope: .everything)
      }
      try expectEqual(everything.count, 90)
      try expectEqual(everything.map(\.reference), everything.map(\.reference).sorted())

      let always: @Sendable (StoredCase) -> Bool = { _ in true }
      var filters: [(filter: CaseFilter, holds: @Sendable (StoredCase) -> Bool)] = [(CaseFilter(), always)]
      func add(_ change: (inout CaseFilter) -> Void, _ holds: @escaping @Sendable (StoredCase) -> Bool) {
        var filter = CaseFilter()
        change(&filter)
        filters.append((filter, holds))
      }
      add({ $0.stages = ["trial", "served"] }, { ["trial", "served"].contains($0.columns.stage) })
      add({ $0.states = [.assessed] }, { $0.state == .assessed })
      add({ $0.outcomes = [.eligible, .partial] }, { $0.chain.assessment.map { [.eligible, .partial].contains($0.outcome) } ?? false })
      add({ $0.measure = Measure.reduceTerm }, { $0.chain.assessment?.measures.contains(Measure.reduceTerm) ?? false })
      add({ $0.gravity = "minor" }, { $0.columns.gravities.contains("minor") })
      add({ $0.article = "188" }, { _ in false })
      add({ $0.article = "272" }, { $0.columns.articles.contains("272") })
      add({ $0.detained = true }, { $0.columns.detained == true })
      add({ $0.overdueOn = Synthetic.day("2022-11-13") }, { $0.deadline.map { $0 < Synthetic.day("2022-11-13") } ?? false })
      add({ $0.inTimeOn = Synthetic.day("2022-11-13") }, { $0.deadline.map { $0 >= Synthetic.day("2022-11-13") } ?? true })
      add({ $0.assignedTo = "somebody" }, { $0.chain.assignedTo == "somebody" })
      add({ $0.unassigned = true }, { $0.chain.assignedTo == nil })
      add({ $0.offices = ["astana"] }, { $0.office == "astana" })
      add(
        {
          $0.offices = ["astana", "shymkent"]; $0.detained = false
        }, { $0.office != "almaty" && $0.columns.detained == false })
      add({ $0.actDigestNot = "sha256:act-2" }, { $0.chain.assessment != nil })
      let scopes = [
        Scope.everything, Scope(offices: ["almaty"], sealedOffices: []), Scope(offices: ["almaty", "astana"], sealedOffices: []),
      ]
      for one in filters {
        let filter = one.filter
        for scope in scopes {
          for order in CaseOrder.allCases {
            var found: [StoredCase] = []
            var token: String?
            repeat {
              let page = PageRequest(size: 7, token: token)
              let answer = try await subject.register.read { reading throws(RegisterError) in
                try reading.list(filter, order: order, page: page, scope: scope)
              }
              try expect(answer.items.count <= 7)
              found += answer.items
              token = answer.nextToken
            } while token != nil
            let expected = everything.filter { one.holds($0) && scope.admits(office: $0.office, sealed: false) }
            try expectEqual(Set(found.map(\.reference)), Set(expected.map(\.reference)))
            try expectEqual(found.count, expected.count)
            switch order {
            case .reference: try expectEqual(found.map(\.reference), expected.map(\.reference))
            case .updated: try expectEqual(found.map(\.updatedAt), expected.map(\.updatedAt).sorted(by: >))
            case .deadline:
              let last = Day(number: .max)
              try expectEqual(found.map { $0.deadline ?? last }, expected.map { $0.deadline ?? last }.sorted())
            }
          }
        }
      }
    },
    Conformance(name: "a token of another query is refused") { subject in
      for number in 0..<5 { try await subject.register("SYN-\(number)") }
      let token = try await subject.register.read { reading throws(RegisterError) in
        try reading.list(CaseFilter(), order: .reference, page: PageRequest(size: 2), scope: .everything).nextToken
      }
      for (order, token) in [(CaseOrder.updated, token), (.reference, "00"), (.reference, "no token"), (.reference, "")] {
        do {
          _ = try await subject.register.read { reading throws(RegisterError) in
            try reading.list(CaseFilter(), order: order, page: PageRequest(size: 2, token: token), scope: .everything)
          }
        } catch RegisterError.invalid(field: "pageToken", _) { continue }
        throw Nonconformity(description: "\(token ?? "none") was taken")
      }
      // The queue and the trail bind theirs too.
      let (work, audit) = try await subject.register.read { reading throws(RegisterError) in
        let page = PageRequest(size: 2)
        return (
          try reading.work(WorkFilter(), page: page, scope: .everything).nextToken,
          try reading.audit(AuditFilter(), after: 0, page: page).nextToken
        )
      }
      do {
        _ = try await subject.register.read { reading throws(RegisterError) in
          var filter = WorkFilter()
          filter.clock = .assess
          return try reading.work(filter, page: PageRequest(size: 2, token: work), scope: .everything)
        }
        throw Nonconformity(description: "a token of the queue was taken for a clock's")
      } catch RegisterError.invalid(field: "pageToken", _) {}
      do {
        _ = try await subject.register.read { reading throws(RegisterError) in
          var filter = AuditFilter()
          filter.subject = "SYN-1"
          return try reading.audit(filter, after: 0, page: PageRequest(size: 2, token: audit))
        }
        throw Nonconformity(description: "a token of the trail was taken for a case's")
      } catch RegisterError.invalid(field: "pageToken", _) {}
    },
    Conformance(name: "a page does not lose a case that changes while it is turned") { subject in
      for number in 0..<9 { try await subject.register("SYN-\(number)") }
      let first = try await subject.register.read { reading throws(RegisterError) in
        try reading.list(CaseFilter(), order: .reference, page: PageRequest(size: 4), scope: .everything)
      }
      try await subject.apply(.withdraw(reason: "twice"), to: "SYN-2", by: Synthetic.registrar)
      try await subject.register("SYN-00")
      let second = try await subject.register.read { reading throws(RegisterError) in
        try reading.list(CaseFilter(), order: .reference, page: PageRequest(size: 10, token: first.nextToken), scope: .everything)
      }
      try expectEqual((first.items + second.items).map(\.reference), (0..<9).map { "SYN-\($0)" })
    },
    Conformance(name: "names are found in both scripts, by their beginnings, with numbers and references") { subject in
      try await subject.register("SYN-ALM-1", Synthetic.record("1", family: "Сериков", given: "Қайрат", iin: "123456789013"))
      try await subject.register("SYN-ALM-2", Synthetic.record("2", family: "Serikova", given: "Zhanar"))
      try await subject.register("SYN-AST-3", Synthetic.record("3", family: "Ахметов", given: "Жанат"))
      let searches: [(String, [String])] = [
        ("Сериков", ["SYN-ALM-1", "SYN-ALM-2"]), ("serikov", ["SYN-ALM-1", "SYN-ALM-2"]), ("Serikova", ["SYN-ALM-2"]),
        ("Kair", ["SYN-ALM-1"]), ("Қайр", ["SYN-ALM-1"]), ("Жан", ["SYN-ALM-2", "SYN-AST-3"]), ("zhan", ["SYN-ALM-2", "SYN-AST-3"]),
        ("Akhm", ["SYN-AST-3"]), ("zhan serik", ["SYN-ALM-2"]), ("12345", ["SYN-ALM-1"]), ("SYN-ALM", ["SYN-ALM-1", "SYN-ALM-2"]),
        ("syn-ast", ["SYN-AST-3"]), ("nobody", []), ("", []), ("\" OR *", []),
      ]
      for (words, expected) in searches {
        let found = try await subject.register.read { reading throws(RegisterError) in
          try reading.search(words, limit: 10, scope: .everything)
        }
        try expectEqual(found.cases.map(\.reference).sorted(), expected)
        try expect(!found.truncated)
      }
      // Where the number is not shown, a part of it finds nothing, and the whole of it the case.
      for (words, numbers, count) in [
        ("12345", [], 0), ("12345", ["astana"], 0), ("12345", [Synthetic.office], 1), ("123456789013", [], 1), ("serikov", [], 2),
      ] as [(String, Set<String>, Int)] {
        let found = try await subject.register.read { reading throws(RegisterError) in
          try reading.search(words, limit: 10, scope: .everything, numbers: numbers)
        }
        try expectEqual(found.cases.count, count)
      }
      // A whole word comes before the beginning of one.
      let first = try await subject.register.read { reading throws(RegisterError) in
        try reading.search("Сериков", limit: 1, scope: .everything)
      }
      try expectEqual(first.cases.map(\.reference), ["SYN-ALM-1"])
      try expect(first.truncated)
      // A corrected name is found, the wrong one no more.
      try await subject.apply(
        .update(Synthetic.record("1", family: "Мусин", given: "Қайрат"), reason: nil), to: "SYN-ALM-1", by: Synthetic.registrar)
      let corrected = try await subject.register.read { reading throws(RegisterError) in
        try [reading.search("Musin", limit: 5, scope: .everything), reading.search("12345", limit: 5, scope: .everything)].map(
          \.cases.count)
      }
      try expectEqual(corrected, [1, 0])
    },
    Conformance(name: "work comes with people in detention first, then by days left") { subject in
      let people: [(String, Bool?, String?, String)] = [
        ("SYN-1", false, "somebody", "almaty"), ("SYN-2", true, "somebody", "almaty"), ("SYN-3", nil, nil, "almaty"),
        ("SYN-4", true, nil, "almaty"), ("SYN-5", false, nil, "almaty"), ("SYN-6", true, nil, "astana"),
      ]
      for (reference, detained, assigned, office) in people {
        try await subject.register(reference, office: office, Synthetic.record(reference, detained: detained))
        if let assigned { try await subject.apply(.assign(to: assigned), to: reference, by: Synthetic.preparer) }
      }
      try await subject.register("SYN-7")
      try await subject.apply(.withdraw(reason: "twice"), to: "SYN-7", by: Synthetic.registrar)
      func work(_ filter: WorkFilter, size: Int = 100, scope: Scope = .everything) async throws -> [String] {
        var found: [String] = []
        var token: String?
        repeat {
          let page = PageRequest(size: size, token: token)
          let answer = try await subject.register.read { reading throws(RegisterError) in
            try reading.work(filter, page: page, scope: scope)
          }
          found += answer.items.map(\.reference)
          token = answer.nextToken
        } while token != nil
        return found
      }
      // Not assigned is due in two days, else the assessment in five.
      for size in [1, 2, 100] {
        try expectEqual(try await work(WorkFilter(), size: size), ["SYN-4", "SYN-6", "SYN-2", "SYN-3", "SYN-5", "SYN-1"])
      }
      var filter = WorkFilter()
      filter.office = "almaty"
      try expectEqual(try await work(filter), ["SYN-4", "SYN-2", "SYN-3", "SYN-5", "SYN-1"])
      try expectEqual(try await work(filter, scope: Scope(offices: ["astana"], sealedOffices: [])), [])
      filter.unassigned = true
      try expectEqual(try await work(filter), ["SYN-4", "SYN-3", "SYN-5"])
      filter.overdueOn = Synthetic.day("2022-11-12")
      try expectEqual(try await work(filter), [])
      filter.overdueOn = Synthetic.day("2022-11-13")
      try expectEqual(try await work(filter), ["SYN-4", "SYN-3", "SYN-5"])
      // A filter, not a sieve over pages: each page but the last is full.
      var clocks = WorkFilter()
      clocks.clock = .assignment
      for size in [1, 2, 100] { try expectEqual(try await work(clocks, size: size), ["SYN-4", "SYN-6", "SYN-3", "SYN-5"]) }
      clocks.clock = .decide
      try expectEqual(try await work(clocks), [])
      let overdue = try await subject.register.read { reading throws(RegisterError) in
        try reading.overdue(on: Synthetic.day("2022-11-13"), after: "SYN-3", limit: 10).map(\.reference)
      }
      try expectEqual(overdue, ["SYN-4", "SYN-5", "SYN-6"])
    },
    Conformance(name: "the summary counts") { subject in
      for number in 0..<6 { try await subject.register("SYN-\(number)") }
      try await subject.grant("SYN-1")
      let stored = try await subject.get("SYN-2")
      try await subject.apply(.assess(Synthetic.stamp(of: stored, outcome: .ineligible)), to: "SYN-2", by: Synthetic.preparer)
      try await subject.apply(.propose(.grant, measures: [Measure.release], reason: "so"), to: "SYN-2", by: Synthetic.preparer)
      try await subject.apply(Synthetic.decide(.grant, reason: "so"), to: "SYN-2", by: Synthetic.authority)
      let summary = try await subject.register.read { reading throws(RegisterError) in
        try reading.summary(CaseFilter(), scope: .everything)
      }
      try expectEqual(summary.total, 6)
      try expectEqual(summary.states, [.registered: 4, .granted: 2])
      try expectEqual(summary.outcomes, [.eligible: 1, .ineligible: 1])
      try expectEqual(summary.measures, [Measure.reduceTerm: 1])
      try expectEqual(summary.departures, 1)
      try expectEqual(summary.detained, 6)
    },
    Conformance(name: "proceedings of one person are linked by the number and by nothing weaker") { subject in
      try await subject.register("SYN-1", Synthetic.record("1", iin: "123456789013"))
      try await subject.register("SYN-2", Synthetic.record("2", iin: "123456789013"))
      try await subject.register("SYN-3", Synthetic.record("3"))
      func linked(_ reference: String) async throws -> [String] {
        try await subject.register.read { reading throws(RegisterError) in
          try reading.proceedings(ofPersonIn: reference, scope: .everything).map(\.reference)
        }
      }
      try expectEqual(try await linked("SYN-1"), ["SYN-2"])
      try expectEqual(try await linked("SYN-3"), [])
    },
  ]
}
