// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Dispatch
internal import GRDB

/// Asked before the file is opened to be written: throws `unavailable` where this process may not do that now.
package typealias RegisterAdmission = @Sendable () throws(RegisterError) -> Void

/// The register in one SQLite file. Making one never fails: a database that cannot be used is told by `unavailability`, and tried again.
package final class SQLiteRegister: CaseRegister {
  let path: String
  let writer: GroupWriter
  let readers: ReaderLanes
  let clock: RegisterClock

  /// `readers`: how many reads go on at once.
  package init(
    path: String, policy: RegisterPolicy, clock: RegisterClock, readers: Int = 3, admission: @escaping RegisterAdmission = {}
  ) {
    self.path = path
    self.clock = clock
    writer = GroupWriter(path: path, policy: policy, clock: clock, admission: admission)
    self.readers = ReaderLanes(path: path, count: readers, writer: writer)
    writer.openNow()
  }

  /// For tests of their plans: every one walks an index.
  package static var pagedStatements: [String] { SQLiteReading.pagedStatements }

  package var unavailability: Unavailability? { writer.unavailability ?? readers.unavailability }
  package var maintenance: any RegisterMaintenance { self }
  package func adopt(_ policy: RegisterPolicy) { writer.adopt(policy) }
  package func changes() -> AsyncStream<Int64> { writer.changes() }
  package func changes(after position: Int64) -> Int { writer.changes(after: position) }
  package func note(_ note: AuditNote) throws(RegisterError) { try writer.note(note) }

  package func submit(
    _ command: RegisterCommand, _ request: CommandRequest, completion: @escaping @Sendable (Result<CommandAnswer, RegisterError>) -> Void
  ) {
    writer.submit(
      .single {
        try $0.perform(command, request)
      } completion: { [writer] result in
        writer.count { statistics in
          switch result {
          case .success(let answer) where answer.replayed: statistics.replays += 1
          case .success: statistics.commands += 1
          case .failure: statistics.refusals += 1
          }
        }
        completion(result)
      })
  }

  package func perform(_ command: RegisterCommand, _ request: CommandRequest) async throws(RegisterError) -> CommandAnswer {
    try await withCheckedContinuation { continuation in
      submit(command, request) { continuation.resume(returning: $0) }
    }.get()
  }

  package func importBatch(_ cases: [NewCase], _ request: ImportRequest) async throws(RegisterError) -> [ImportResult] {
    try await written(weight: cases.count) { session in
      try session.importAll(cases, request)
    } counting: { statistics, results in
      statistics.imported += results.reduce(0) { if case .created = $1 { $0 + 1 } else { $0 } }
    }
  }

  package func flushNotes() async throws(RegisterError) { try await written { _ in } }

  package func submitRead(_ body: @escaping @Sendable (Result<any RegisterReading, RegisterError>) -> Void) { readers.submit(body) }

  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (any RegisterReading) throws(RegisterError) -> Value
  ) async throws(RegisterError) -> Value {
    let result: Result<Value, RegisterError> = await withCheckedContinuation { continuation in
      readers.submit { reading in
        let value: Result<Value, RegisterError>
        switch reading {
        case .success(let reading):
          do throws(RegisterError) { value = .success(try body(reading)) } catch { value = .failure(error) }
        case .failure(let error): value = .failure(error)
        }
        continuation.resume(returning: value)
      }
    }
    return try result.get()
  }

  /// Something else of the writer's, in a transaction.
  func written<Value: Sendable>(
    weight: Int = 1, _ body: @escaping @Sendable (inout WriteSession) throws -> Value,
    counting: @escaping @Sendable (inout RegisterStatistics, Value) -> Void = { _, _ in }
  ) async throws(RegisterError) -> Value {
    let result: Result<Value, RegisterError> = await withCheckedContinuation { continuation in
      writer.submit(.single(weight: weight, body) { continuation.resume(returning: $0) })
    }
    let value = try result.get()
    writer.count { counting(&$0, value) }
    return value
  }
}
