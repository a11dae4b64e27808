// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRegister
internal import AmnestyRules

/// What every store of the register must do. A store's own tests run `Conformance.all` on registers that are empty and use `Synthetic.policy`.
package struct Conformance: Sendable, CustomStringConvertible {
  package var name: String
  package var run: @Sendable (Subject) async throws -> Void

  package var description: String { name }

  package struct Subject: Sendable {
    package var register: any CaseRegister
    package var clock: ManualClock

    package init(register: any CaseRegister, clock: ManualClock) {
      self.register = register
      self.clock = clock
    }
  }

  package static let all: [Conformance] = commands + stories + queries + logs
}

/// A store that does not conform, and where that was seen.
package struct Nonconformity: Error, CustomStringConvertible {
  package var description: String
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String = "", file: String = #fileID, line: Int = #line) throws {
  if !condition { throw Nonconformity(description: "\(file):\(line): \(what())") }
}

func expectEqual<Value: Equatable>(_ a: Value, _ b: Value, file: String = #fileID, line: Int = #line) throws {
  if a != b { throw Nonconformity(description: "\(file):\(line): \(a) is not \(b)") }
}

func expectError(
  _ expected: RegisterError, file: String = #fileID, line: Int = #line, _ body: () async throws -> Void
) async throws {
  do { try await body() } catch let error as RegisterError {
    if error != expected { throw Nonconformity(description: "\(file):\(line): \(error) is not \(expected)") }
    return
  }
  throw Nonconformity(description: "\(file):\(line): \(expected) was expected, nothing went wrong")
}

extension Conformance.Subject {
  @discardableResult
  func register(
    _ reference: String, office: String = Synthetic.office, _ record: CaseRecord? = nil, by author: Author = Synthetic.registrar
  ) async throws -> StoredCase {
    _ = try await register.perform(.register(Synthetic.newCase(reference, office: office, record)), Synthetic.request(author))
    return try await get(reference)
  }

  @discardableResult
  func apply(_ command: CaseCommand, to reference: String, by author: Author) async throws -> StoredCase {
    _ = try await register.perform(.onCase(reference, command), Synthetic.request(author))
    return try await get(reference)
  }

  func get(_ reference: String, scope: Scope = .everything) async throws -> StoredCase {
    try await register.read { reading throws(RegisterError) in try reading.get(reference, scope: scope) }
  }

  /// From registered to granted.
  @discardableResult
  func grant(_ reference: String, _ measures: Set<String> = [Measure.reduceTerm]) async throws -> StoredCase {
    let stored = try await get(reference)
    try await apply(.assess(Synthetic.stamp(of: stored, measures: measures)), to: reference, by: Synthetic.preparer)
    try await apply(.propose(.grant, measures: nil, reason: nil), to: reference, by: Synthetic.preparer)
    return try await apply(Synthetic.decide(.grant), to: reference, by: Synthetic.authority)
  }

  @discardableResult
  func execute(_ reference: String) async throws -> StoredCase {
    try await apply(.execute(newEnd: nil), to: reference, by: Synthetic.executor)
  }

  func audit() async throws -> [AuditEntry] {
    try await register.flushNotes()
    return try await register.read { reading throws(RegisterError) in try reading.audit(AuditFilter(), after: 0, limit: 10_000) }
  }

  func links(_ reference: String, scope: Scope = .everything) async throws -> [Link] {
    try await register.read { reading throws(RegisterError) in
      try reading.links(of: reference, page: PageRequest(size: 1000), scope: scope).items
    }
  }
}
