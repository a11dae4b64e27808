// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB
internal import GRDBSQLite

/// A value bound to a statement.
enum SQLValue {
  case null
  case int(Int64)
  case text(String)
  case blob([UInt8])

  static func of(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
  static func of(_ value: Int) -> SQLValue { .int(Int64(value)) }
  static func of(_ value: Int?) -> SQLValue { value.map { .int(Int64($0)) } ?? .null }
  static func of(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }
  static func of(_ value: Bool?) -> SQLValue { value.map { .int($0 ? 1 : 0) } ?? .null }
  static func of(_ value: Day?) -> SQLValue { value.map { .int(Int64($0.number)) } ?? .null }
  static func of(_ value: Instant?) -> SQLValue { value.map { .int($0.milliseconds) } ?? .null }
}

/// GRDB opens, keeps and caches; its statements are stepped here without rows, arguments and cursors in between. Columns are read in a way that
/// cannot trap, whatever a damaged file holds.
extension Database {
  func run(_ sql: String, _ values: SQLValue...) throws { try run(sql, values) }

  func run(_ sql: String, _ values: [SQLValue]) throws {
    try prepared(sql, values) { statement in
      while try step(statement) {}
    }
  }

  /// Every row in turn, until `body` says that it has enough.
  func each(_ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws -> Bool) throws {
    try prepared(sql, values) { statement in
      while try step(statement), try body(SQLRow(statement: statement)) {}
    }
  }

  func all<Value>(_ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws -> Value) throws -> [Value] {
    var out: [Value] = []
    try each(sql, values) {
      out.append(try body($0))
      return true
    }
    return out
  }

  func first<Value>(_ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws -> Value) throws -> Value? {
    try prepared(sql, values) { statement in
      try step(statement) ? try body(SQLRow(statement: statement)) : nil
    }
  }

  private func prepared<Value>(_ sql: String, _ values: [SQLValue], _ body: (OpaquePointer) throws -> Value) throws -> Value {
    let cached = try cachedStatement(sql: sql)
    let statement = cached.sqliteStatement
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
      // The statement lives in the connection's cache; this keeps it until here.
      withExtendedLifetime(cached) {}
    }
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(statement, place)
        case .int(let number): sqlite3_bind_int64(statement, place, number)
        case .text(var text):
          text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
              sqlite3_bind_text(statement, place, $0.baseAddress ?? SQLRow.empty, Int32($0.count), SQLRow.copied)
            }
          }
        case .blob(let bytes):
          bytes.withUnsafeBytes {
            $0.isEmpty
              ? sqlite3_bind_zeroblob(statement, place, 0)
              : sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), SQLRow.copied)
          }
        }
      guard code == SQLITE_OK else { throw lastError }
    }
    return try body(statement)
  }

  private func step(_ statement: OpaquePointer) throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw lastError
    }
  }

  private var lastError: DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)),
      message: sqlite3_errmsg(sqliteConnection).map { String(cString: $0) })
  }
}

/// The row a statement stands on.
struct SQLRow {
  let statement: OpaquePointer

  /// SQLite copies what is bound so.
  static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
  static var empty: UnsafePointer<CChar> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }

  func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }
  func int64(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }
  func int(_ column: Int) -> Int { Int(int64(column)) }
  func bool(_ column: Int) -> Bool { int64(column) != 0 }
  func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
  func optionalBool(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
  func day(_ column: Int) -> Day { Day(number: Int32(clamping: int64(column))) }
  func optionalDay(_ column: Int) -> Day? { isNull(column) ? nil : day(column) }
  func instant(_ column: Int) -> Instant { Instant(milliseconds: int64(column)) }
  func optionalInstant(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }

  func text(_ column: Int) -> String { optionalText(column) ?? "" }

  func optionalText(_ column: Int) -> String? {
    guard let bytes = sqlite3_column_text(statement, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  func bytes(_ column: Int) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(statement, Int32(column)) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// A column of the register's own JSON; damaged ones are told, not trapped over.
  func json(_ column: Int) throws(DamagedColumn) -> StoredJSON? {
    guard let bytes = sqlite3_column_text(statement, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    guard let value = StoredJSON(UnsafeBufferPointer(start: bytes, count: count)) else { throw DamagedColumn(name: name(column)) }
    return value
  }

  func word<Word: RawRepresentable<String>>(_ column: Int, _: Word.Type = Word.self) throws(DamagedColumn) -> Word {
    guard let word = Word(rawValue: text(column)) else { throw DamagedColumn(name: name(column)) }
    return word
  }

  func optionalWord<Word: RawRepresentable<String>>(_ column: Int, _: Word.Type = Word.self) throws(DamagedColumn) -> Word? {
    isNull(column) ? nil : try word(column)
  }

  private func name(_ column: Int) -> String {
    sqlite3_column_name(statement, Int32(column)).map { String(cString: $0) } ?? "column \(column)"
  }
}

/// A column holds what this program never writes.
struct DamagedColumn: Error {
  var name: String
}

/// A commit failed, and what it wrote cannot be ruled out.
struct UnconfirmedCommit: Error {
  var reason: Unavailability
}

extension RegisterError {
  /// What went wrong underneath, as the register says it. Names a column or SQLite's own words, never a value.
  init(_ error: any Error) {
    switch error {
    case let error as RegisterError: self = error
    case let error as UnconfirmedCommit: self = .outcomeUnknown(error.reason)
    case let error as DatabaseError: self = .unavailable(Unavailability(error))
    case let error as DamagedColumn:
      self = .unavailable(Unavailability(.corrupt, message: "column \(error.name) is damaged; run the check"))
    default: self = .unavailable(Unavailability(.other, message: "\(type(of: error))"))
    }
  }
}

extension Unavailability {
  init(_ error: DatabaseError) {
    let cause: Cause =
      switch error.resultCode {
      case .SQLITE_FULL: .diskFull
      case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
      case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
      case .SQLITE_CORRUPT: .corrupt
      case .SQLITE_NOTADB: .notADatabase
      case .SQLITE_IOERR: .inputOutput
      case .SQLITE_CANTOPEN: .cannotOpen
      default: .other
      }
    self.init(cause, message: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
  }
}

/// Lets a body throw what it likes, and tells it as a `RegisterError`.
func registerErrors<Value>(_ body: () throws -> Value) throws(RegisterError) -> Value {
  do { return try body() } catch { throw RegisterError(error) }
}
