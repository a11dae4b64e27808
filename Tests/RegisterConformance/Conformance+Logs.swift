// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules

extension Conformance {
  static let logs: [Conformance] = [
    Conformance(name: "every command is in the audit log, which holds") { subject in
      try await subject.register("SYN-1")
      try await subject.grant("SYN-1")
      let entries = try await subject.audit()
      try expectEqual(entries.first?.note.kind, .start)
      let commands = entries.filter { $0.note.kind == .command }
      try expectEqual(commands.count, 4)
      try expectEqual(commands.map { $0.note.subject }, ["SYN-1", "SYN-1", "SYN-1", "SYN-1"])
      try expectEqual(
        commands.map { $0.note.author?.person },
        [Synthetic.registrar, Synthetic.preparer, Synthetic.preparer, Synthetic.authority].map(\.person))
      try expectEqual(commands.last?.note.details.first { $0.name == "kind" }?.value, "decide")
      let report = try await subject.register.maintenance.verifyAudit(against: [])
      try expectEqual(report.fault, nil)
      try expectEqual(report.entries, Int64(entries.count))
    },
    Conformance(name: "reads and denials are noted in their order") { subject in
      let now = subject.clock.clock.now()
      for number in 0..<100 {
        try subject.register.note(
          AuditNote(
            kind: number == 50 ? .denied : .read, at: now, author: Synthetic.preparer, method: "amnesty.v1.CaseService/Get",
            subject: "SYN-\(number)"))
      }
      try await subject.register.flushNotes()
      let found = try await subject.register.read { reading throws(RegisterError) in
        var filter = AuditFilter()
        filter.kinds = [.read, .denied]
        return try reading.audit(filter, after: 0, limit: 1000)
      }
      try expectEqual(found.map { $0.note.subject }, (0..<100).map { "SYN-\($0)" })
      let one = try await subject.register.read { reading throws(RegisterError) in
        var filter = AuditFilter()
        filter.subject = "SYN-50"
        filter.person = Synthetic.preparer.person
        return try reading.audit(filter, after: 0, limit: 1000).map(\.note.kind)
      }
      try expectEqual(one, [.denied])
      try expectEqual(try await subject.register.maintenance.verifyAudit(against: []).fault, nil)
    },
    Conformance(name: "a checkpoint is met again, and another register's is not") { subject in
      try await subject.register("SYN-1")
      let checkpoint = try await subject.register.maintenance.checkpoint { message in
        TestKey.sign(message)
      }
      try expect(checkpoint.isValid(trusting: TestKey.publicKey))
      try await subject.register("SYN-2")
      let report = try await subject.register.maintenance.verifyAudit(against: [checkpoint])
      try expectEqual(report.fault, nil)
      try expectEqual(report.checkpoints, 1)
      var later = checkpoint
      later.sequence += 100
      try expectEqual(
        try await subject.register.maintenance.verifyAudit(against: [later]).fault, AuditFault(.badSignature, at: later.sequence))
      let signed = TestKey.sign(
        AuditCheckpoint.message(register: later.register, sequence: later.sequence, hash: later.hash, at: later.at))
      later.signature = signed.signature
      try expectEqual(
        try await subject.register.maintenance.verifyAudit(against: [later]).fault, AuditFault(.truncated, at: report.entries + 1))
    },
    Conformance(name: "changes come in their order, once, from where one was") { subject in
      try await subject.register("SYN-1")
      try await subject.register("SYN-2", office: "astana")
      try await subject.apply(.assign(to: "somebody"), to: "SYN-1", by: Synthetic.preparer)
      try await subject.apply(.transfer(to: "astana", reason: "moved"), to: "SYN-1", by: Synthetic.registrar)
      func changes(_ after: Int64, _ limit: Int = 100, _ scope: Scope = .everything) async throws -> ChangePage {
        try await subject.register.read { reading throws(RegisterError) in try reading.changes(after: after, limit: limit, scope: scope) }
      }
      let all = try await changes(0)
      try expectEqual(all.changes.map(\.kind), [.register, .register, .assign, .transfer])
      try expectEqual(all.changes.map(\.position), [1, 2, 3, 4])
      try expectEqual(try await changes(0, 2).position, 2)
      try expectEqual(try await changes(2, 1).changes.map(\.kind), [.assign])
      try expectEqual(try await changes(4).changes, [])
      try expect(try await changes(99).reset)
      // Whoever watches one office hears of what left it, and of nothing else's.
      let almaty = Scope(offices: ["almaty"], sealedOffices: [])
      try expectEqual(try await changes(1, 100, almaty).changes.map(\.gone), [true])
      try expectEqual(try await changes(0, 100, almaty).changes, [])
      try expectEqual(try await changes(0, 100, almaty).position, 4)
      try expectEqual(try await changes(0, 100, Scope(offices: ["astana"], sealedOffices: [])).changes.map(\.kind), [.register, .transfer])
    },
    Conformance(name: "a commit wakes those who watch") { subject in
      var watcher = subject.register.changes().makeAsyncIterator()
      try await subject.register("SYN-1")
      try expectEqual(await watcher.next(), 1)
      try await subject.register("SYN-2")
      try await subject.register("SYN-3")
      var last: Int64 = 1
      while last < 3, let next = await watcher.next() { last = next }
      try expectEqual(last, 3)
      await subject.register.maintenance.close()
      while await watcher.next() != nil {}
    },
    Conformance(name: "a history comes in pages") { subject in
      try await subject.register("SYN-1")
      for number in 0..<9 { try await subject.apply(.assign(to: "person-\(number)"), to: "SYN-1", by: Synthetic.preparer) }
      var numbers: [Int] = []
      var token: String?
      repeat {
        let page = PageRequest(size: 3, token: token)
        let answer = try await subject.register.read { reading throws(RegisterError) in
          try reading.links(of: "SYN-1", page: page, scope: .everything)
        }
        numbers += answer.items.map(\.number)
        token = answer.nextToken
      } while token != nil
      try expectEqual(numbers, Array(1...10))
    },
  ]
}
