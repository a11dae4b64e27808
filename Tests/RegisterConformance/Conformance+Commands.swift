// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules

extension Conformance {
  static let commands: [Conformance] = [
    Conformance(name: "a registered case reads back whole") { subject in
      let record = Synthetic.record(
        "SYN-1", iin: "123456789013", sources: [FactSource(pointer: "/stage", source: "court", learntOn: Synthetic.today)])
      let stored = try await subject.register("SYN-1", record)
      try expectEqual(stored.record, record.bytes)
      try expectEqual(stored.recordDigest, record.digest)
      try expectEqual(stored.columns, record.columns)
      try expectEqual(stored.state, .registered)
      try expectEqual(stored.etag, "v1")
      try expectEqual(stored.chain, CaseChain(registrant: Synthetic.registrar.person))
      try expectEqual(Set(stored.clocks.map(\.kind)), [.assignment, .assess])
      try expectEqual(stored.deadline, Synthetic.day("2022-11-12"))
    },
    Conformance(name: "a reference is taken once") { subject in
      try await subject.register("SYN-1")
      try await expectError(.alreadyExists(reference: "SYN-1")) { try await subject.register("SYN-1") }
      try expectEqual(try await subject.links("SYN-1").count, 1)
    },
    Conformance(name: "a case that is not there is not found") { subject in
      try await expectError(.notFound) { _ = try await subject.get("SYN-none") }
      try await expectError(.notFound) { try await subject.apply(.close(note: nil), to: "SYN-none", by: Synthetic.executor) }
    },
    Conformance(name: "a key answers again with the first answer") { subject in
      let request = Synthetic.request(Synthetic.registrar, key: "k1")
      let command = RegisterCommand.register(Synthetic.newCase("SYN-1"))
      let first = try await subject.register.perform(command, request)
      let second = try await subject.register.perform(command, request)
      try expect(!first.replayed && second.replayed)
      try expectEqual(first.bytes, second.bytes)
      try expectEqual(try await subject.links("SYN-1").count, 1)
      try expectEqual(try await subject.audit().filter { $0.note.kind == .command }.count, 1)
    },
    Conformance(name: "a key with another request is refused") { subject in
      let command = RegisterCommand.register(Synthetic.newCase("SYN-1"))
      _ = try await subject.register.perform(command, Synthetic.request(Synthetic.registrar, key: "k1", digest: [1]))
      try await expectError(.keyReused) {
        _ = try await subject.register.perform(command, Synthetic.request(Synthetic.registrar, key: "k1", digest: [2]))
      }
    },
    Conformance(name: "a key belongs to a principal, an actor and a method") { subject in
      func replays(_ reference: String, _ author: Author, method: String) async throws -> Bool {
        let request = Synthetic.request(author, method: method, key: "k1", digest: Array(reference.utf8))
        let answer = try await subject.register.perform(.register(Synthetic.newCase(reference)), request)
        return answer.replayed
      }
      let author = Synthetic.registrar
      var other = author
      other.actor = "clerk-17"
      var foreign = author
      foreign.principal = "user:77"
      try expectEqual(false, try await replays("SYN-1", author, method: "a"))
      try expectEqual(false, try await replays("SYN-2", author, method: "b"))
      try expectEqual(false, try await replays("SYN-3", other, method: "a"))
      try expectEqual(false, try await replays("SYN-4", foreign, method: "a"))
      try expect(try await replays("SYN-1", author, method: "a"))
    },
    Conformance(name: "a refusal is not kept under its key") { subject in
      let command = RegisterCommand.onCase("SYN-1", .withdraw(reason: "registered twice"))
      let request = Synthetic.request(Synthetic.registrar, key: "k1")
      try await expectError(.notFound) { _ = try await subject.register.perform(command, request) }
      try await subject.register("SYN-1")
      try expect(try await subject.register.perform(command, request).replayed == false)
    },
    Conformance(name: "the key is looked at before the etag") { subject in
      let stored = try await subject.register("SYN-1")
      let request = Synthetic.request(Synthetic.registrar, key: "k1", etag: stored.etag)
      _ = try await subject.register.perform(.onCase("SYN-1", .withdraw(reason: "twice")), request)
      try expect(try await subject.register.perform(.onCase("SYN-1", .withdraw(reason: "twice")), request).replayed)
    },
    Conformance(name: "of many that come with one key, one is done") { subject in
      let request = Synthetic.request(Synthetic.registrar, key: "k1")
      let replays = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<50 {
          group.addTask { try await subject.register.perform(.register(Synthetic.newCase("SYN-1")), request).replayed }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      try expectEqual(replays, 49)
      try expectEqual(try await subject.links("SYN-1").count, 1)
    },
    Conformance(name: "keys are kept for at least seven days") { subject in
      let request = Synthetic.request(Synthetic.registrar, key: "k1")
      _ = try await subject.register.perform(.register(Synthetic.newCase("SYN-1")), request)
      subject.clock.advance(milliseconds: 7 * 86_400_000)
      try expectEqual(try await subject.register.maintenance.purgeKeys(), 0)
      subject.clock.advance(milliseconds: 2 * 86_400_000)
      try expectEqual(try await subject.register.maintenance.purgeKeys(), 1)
      try await expectError(.alreadyExists(reference: "SYN-1")) {
        _ = try await subject.register.perform(.register(Synthetic.newCase("SYN-1")), request)
      }
    },
    Conformance(name: "a stale etag is refused") { subject in
      let stored = try await subject.register("SYN-1")
      try await subject.apply(.assign(to: "somebody"), to: "SYN-1", by: Synthetic.preparer)
      try await expectError(.staleEtag(current: "v2")) {
        _ = try await subject.register.perform(
          .onCase("SYN-1", .withdraw(reason: "twice")), Synthetic.request(Synthetic.registrar, etag: stored.etag))
      }
    },
    Conformance(name: "a refused command leaves nothing behind") { subject in
      let stored = try await subject.register("SYN-1")
      let entries = try await subject.audit().count
      try await expectError(.wrongState(.registered, command: .execute, allowed: CaseChain.states(for: .execute))) {
        try await subject.execute("SYN-1")
      }
      try expectEqual(try await subject.get("SYN-1"), stored)
      try expectEqual(try await subject.audit().count, entries)
      try expectEqual(try await subject.register.read { reading throws(RegisterError) in try reading.lastChange() }, 1)
    },
    Conformance(name: "commands that come together are each done once") { subject in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            try await subject.register("SYN-\(number)")
            try await subject.apply(.assign(to: "somebody"), to: "SYN-\(number)", by: Synthetic.preparer)
          }
        }
        try await group.waitForAll()
      }
      for number in 0..<200 {
        try expectEqual(try await subject.links("SYN-\(number)").map(\.kind), [.register, .assign])
      }
      try expectEqual(try await subject.register.maintenance.check().problems, [])
    },
    Conformance(name: "an import tells each row its result, and can be sent again") { subject in
      try await subject.register("SYN-2", Synthetic.record("another"))
      let rows = [
        Synthetic.newCase("SYN-1"), Synthetic.newCase("SYN-2"), Synthetic.newCase(""), Synthetic.newCase("SYN-3"),
        Synthetic.newCase("SYN-1"),
      ]
      let request = ImportRequest(author: Synthetic.registrar, scope: .everything, method: "m", day: Synthetic.today)
      let results = try await subject.register.importBatch(rows, request)
      try expectEqual(results[0], .created(etag: "v1"))
      try expectEqual(results[1], .failed(.alreadyExists(reference: "SYN-2")))
      guard case .failed(.invalid(field: "reference", _)) = results[2] else { throw Nonconformity(description: "\(results[2])") }
      try expectEqual(results[3], .created(etag: "v1"))
      try expectEqual(results[4], .unchanged(etag: "v1"))
      let again = try await subject.register.importBatch(rows, request)
      try expectEqual(again[0], .unchanged(etag: "v1"))
      var correcting = request
      correcting.mode = .correct
      try expectEqual(try await subject.register.importBatch(rows, correcting)[1], .corrected(etag: "v2"))
      try expectEqual(try await subject.register.importBatch([], request), [])
      try expectEqual(try await subject.register.maintenance.check().problems, [])
    },
    Conformance(name: "a register that was closed says so") { subject in
      try await subject.register("SYN-1")
      await subject.register.maintenance.close()
      do {
        try await subject.register("SYN-2")
      } catch RegisterError.unavailable(let reason) { return try expectEqual(reason.cause, .shuttingDown) }
      throw Nonconformity(description: "it went on")
    },
  ]
}
