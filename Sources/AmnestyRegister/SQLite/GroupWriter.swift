// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Dispatch
internal import GRDB
internal import Synchronization

/// The one writer. It takes all that waits, does it in one transaction, each command for itself, and tells everybody after the one sync that they
/// share. While it commits, the next group gathers.
final class GroupWriter: Sendable {
  /// Something to be done in a transaction and to be told of after it.
  struct Work: Sendable {
    /// How much of a group it takes up.
    var weight = 1
    /// Runs within the transaction. What it returns is called with nil once all is on disk, or with why it is not; it throws what makes the whole
    /// group fail.
    var run: @Sendable (inout WriteSession) throws -> @Sendable (RegisterError?) -> Void
    /// Called instead, where the group never began.
    var refuse: @Sendable (RegisterError) -> Void
  }

  struct Limits: Sendable {
    var group = 512
    var queuedCommands = 16_384
    var queuedNotes = 65_536
    var noteDelay = DispatchTimeInterval.milliseconds(50)
    var firstRetry: Int64 = 250
    var lastRetry: Int64 = 5000
  }

  private struct State {
    var pending: [Work] = []
    var notes: [AuditNote] = []
    var isRunning = false
    var isClosed = false
    var flushIsDue = false
    var probeIsDue = false
    var unavailability: Unavailability?
    var policy: RegisterPolicy
    var statistics = RegisterStatistics()
    var listeners: [Int: AsyncStream<Int64>.Continuation] = [:]
    var nextListener = 0
    var lastChange: Int64 = -1
  }

  /// What only the writer's queue touches.
  private struct Connection: ~Copyable {
    var database: DatabaseQueue?
    var wasOpen = false
    var retryDelay: Int64 = 0
    var retryAt: Instant?
  }

  private let path: String
  private let clock: RegisterClock
  private let limits: Limits
  private let admission: RegisterAdmission
  private let queue = DispatchQueue(label: "register.writer")
  private let state: Mutex<State>
  private let connection = Mutex(Connection())
  /// Rises whenever the database was opened anew: readers then open anew too.
  let generation = Atomic<Int>(0)

  init(
    path: String, policy: RegisterPolicy, clock: RegisterClock, limits: Limits = Limits(), admission: @escaping RegisterAdmission = {}
  ) {
    self.path = path
    self.clock = clock
    self.limits = limits
    self.admission = admission
    state = Mutex(State(policy: policy))
  }

  var unavailability: Unavailability? { state.withLock { $0.unavailability } }

  var statistics: RegisterStatistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.queuedCommands = state.pending.count
      statistics.queuedNotes = state.notes.count
      return statistics
    }
  }

  func count(_ change: (inout RegisterStatistics) -> Void) { state.withLock { change(&$0.statistics) } }

  /// The changes of the register after a position.
  func changes(after position: Int64) -> Int {
    let last = state.withLock { $0.lastChange }
    return last > position ? Int((last - position) % ChangePage.leap) : 0
  }

  func adopt(_ policy: RegisterPolicy) { state.withLock { $0.policy = policy } }

  /// Tries to open before anything is asked, so that health is known from the start.
  func openNow() {
    queue.sync { self.run([], keepNotes: true) }
  }

  // MARK: - Queueing

  func submit(_ work: Work) {
    enum Verdict { case start, queued, refuse(RegisterError) }
    let verdict: Verdict = state.withLock { state in
      if state.isClosed { return .refuse(.unavailable(Unavailability(.shuttingDown, message: "the register is closed"))) }
      if state.pending.count >= limits.queuedCommands { return .refuse(.overloaded) }
      state.pending.append(work)
      defer { state.isRunning = true }
      return state.isRunning ? .queued : .start
    }
    switch verdict {
    case .queued: break
    case .start: queue.async { self.drain() }
    case .refuse(let error): work.refuse(error)
    }
  }

  func note(_ note: AuditNote) throws(RegisterError) {
    enum Verdict { case start, queued, refuse(RegisterError) }
    let verdict: Verdict = state.withLock { state in
      if state.isClosed { return .refuse(.unavailable(Unavailability(.shuttingDown, message: "the register is closed"))) }
      if state.notes.count >= limits.queuedNotes { return .refuse(state.unavailability.map(RegisterError.unavailable) ?? .overloaded) }
      state.notes.append(note)
      state.statistics.notes += 1
      defer { state.flushIsDue = true }
      return state.flushIsDue ? .queued : .start
    }
    switch verdict {
    case .queued: break
    case .start: queue.asyncAfter(deadline: .now() + limits.noteDelay) { self.flushQueuedNotes() }
    case .refuse(let error): throw error
    }
  }

  private func flushQueuedNotes() {
    let isDone = state.withLock { state in
      state.flushIsDue = false
      return state.notes.isEmpty
    }
    if !isDone { run([], keepNotes: false) }
  }

  func changes() -> AsyncStream<Int64> {
    let (stream, continuation) = AsyncStream<Int64>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id: Int? = state.withLock { state in
      guard !state.isClosed else { return nil }
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      return state.nextListener
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) } }
    return stream
  }

  // MARK: - The writer's queue

  private func drain() {
    while true {
      let group: [Work] = state.withLock { state in
        var weight = 0
        var count = 0
        while count < state.pending.count, weight < limits.group {
          weight += state.pending[count].weight
          count += 1
        }
        let group = Array(state.pending[..<count])
        state.pending.removeFirst(count)
        if group.isEmpty { state.isRunning = false }
        return group
      }
      if group.isEmpty { return }
      run(group, keepNotes: false)
    }
  }

  /// One transaction. With it go the notes that wait.
  private func run(_ group: [Work], keepNotes: Bool) {
    let (notes, policy) = state.withLock { state in
      let notes = keepNotes ? [] : state.notes
      if !keepNotes { state.notes.removeAll(keepingCapacity: true) }
      return (notes, state.policy)
    }
    var finished: [@Sendable (RegisterError?) -> Void] = []
    finished.reserveCapacity(group.count)
    var lastChange: Int64 = -1
    do {
      let database = try opened(policy)
      try database.writeWithoutTransaction { db in
        try transaction(db) {
          var session = try WriteSession(db, policy: policy, clock: clock)
          for note in notes { try session.append(note) }
          for work in group { finished.append(try work.run(&session)) }
          try session.finish()
          lastChange = session.lastChange
        }
      }
    } catch {
      lost(RegisterError(error), group: group, finished: finished, notes: notes)
      return
    }
    let listeners: [AsyncStream<Int64>.Continuation] = state.withLock { state in
      state.unavailability = nil
      state.statistics.commits += 1
      guard lastChange != state.lastChange else { return [] }
      state.lastChange = lastChange
      return Array(state.listeners.values)
    }
    for tell in finished { tell(nil) }
    for listener in listeners { listener.yield(lastChange) }
  }

  private func transaction(_ db: Database, _ body: () throws -> Void) throws {
    try db.run("BEGIN IMMEDIATE")
    do {
      try body()
    } catch {
      if db.isInsideTransaction { try? db.run("ROLLBACK") }
      throw error
    }
    do {
      try db.run("COMMIT")
    } catch let error as DatabaseError {
      if db.isInsideTransaction { try? db.run("ROLLBACK") }
      // The log may hold the whole transaction and its commit mark, for the next recovery to find. Another one that is written over it and reaches
      // the disk rules that out.
      guard (try? overwrite(db)) != nil else { throw UnconfirmedCommit(reason: Unavailability(error)) }
      throw error
    }
  }

  /// A transaction that changes nothing that anybody is told of.
  private func overwrite(_ db: Database) throws {
    try db.run("BEGIN IMMEDIATE")
    do {
      try db.probe(at: clock.now())
      try db.run("COMMIT")
    } catch {
      if db.isInsideTransaction { try? db.run("ROLLBACK") }
      throw error
    }
  }

  /// The group is not on disk, or nobody knows: everybody is told, notes are kept for the next.
  private func lost(
    _ error: RegisterError, group: [Work], finished: [@Sendable (RegisterError?) -> Void], notes: [AuditNote]
  ) {
    let reason: Unavailability =
      switch error {
      case .unavailable(let reason), .outcomeUnknown(let reason): reason
      default: Unavailability(.other, message: "\(error)")
      }
    connection.withLock { connection in
      switch reason.cause {
      case .diskFull, .locked: break
      default: connection.database = nil
      }
    }
    let probe: Bool = state.withLock { state in
      state.unavailability = reason
      state.statistics.failures += 1
      state.statistics.lastFailure = reason
      state.notes.insert(contentsOf: notes, at: 0)
      defer { state.probeIsDue = true }
      return !state.probeIsDue && !state.isClosed
    }
    let isUnknown = if case .outcomeUnknown = error { true } else { false }
    for tell in finished { tell(isUnknown ? .outcomeUnknown(reason) : .unavailable(reason)) }
    for work in group.dropFirst(finished.count) { work.refuse(.unavailable(reason)) }
    if probe { queue.asyncAfter(deadline: .now() + .milliseconds(Int(limits.lastRetry))) { self.probe() } }
  }

  /// Whether the cause is gone, without waiting for somebody to ask.
  private func probe() {
    let isClosed = state.withLock { state in
      state.probeIsDue = false
      return state.isClosed || state.unavailability == nil
    }
    if !isClosed { run([.probe(at: clock.now())], keepNotes: false) }
  }

  private func opened(_ policy: RegisterPolicy) throws -> DatabaseQueue {
    if let database = connection.withLock({ $0.database }) { return database }
    let now = clock.now()
    let (wait, wasOpen) = connection.withLock { connection in
      // A clock that was set back makes nobody wait.
      let wait = connection.retryAt.map { now < $0 && $0.milliseconds - now.milliseconds <= limits.lastRetry } ?? false
      if !wait {
        connection.retryDelay = min(max(connection.retryDelay * 2, limits.firstRetry), limits.lastRetry)
        connection.retryAt = now.adding(milliseconds: connection.retryDelay)
      }
      return (wait, connection.wasOpen)
    }
    if wait, let reason = unavailability { throw RegisterError.unavailable(reason) }
    try admission()
    let database = try Connections.writer(path)
    try Schema.upgrade(database, at: path)
    try database.writeWithoutTransaction { db in
      try transaction(db) {
        var session = try WriteSession(db, policy: policy, clock: clock)
        if !wasOpen { try session.start() }
      }
    }
    connection.withLock { connection in
      connection.database = database
      connection.wasOpen = true
      connection.retryDelay = 0
      connection.retryAt = nil
    }
    generation.add(1, ordering: .sequentiallyConsistent)
    return database
  }

  // MARK: - The end

  /// Does what waits, writes the mark of a clean end, and closes.
  func close(_ done: @escaping @Sendable () -> Void) {
    queue.async {
      self.drain()
      let (listeners, alreadyClosed) = self.state.withLock { state in
        defer {
          state.isClosed = true
          state.listeners = [:]
        }
        return (Array(state.listeners.values), state.isClosed)
      }
      if !alreadyClosed {
        self.drain()
        self.run([.stop], keepNotes: false)
        self.connection.withLock { connection in
          try? connection.database?.writeWithoutTransaction { try $0.run("PRAGMA wal_checkpoint(TRUNCATE)") }
          try? connection.database?.close()
          connection.database = nil
        }
        let refused = self.state.withLock { state in
          defer { state.pending = [] }
          return state.pending
        }
        for work in refused { work.refuse(.unavailable(Unavailability(.shuttingDown, message: "the register is closed"))) }
      }
      for listener in listeners { listener.finish() }
      done()
    }
  }
}

extension Database {
  /// Writes, and changes nothing that anybody is told of. A row that stays the same would not be written at all.
  fileprivate func probe(at now: Instant) throws {
    try run("UPDATE register SET probed_at = max(probed_at + 1, ?)", .of(now))
  }
}

extension GroupWriter.Work {
  static func probe(at: Instant) -> GroupWriter.Work {
    GroupWriter.Work { session in
      try session.db.probe(at: at)
      return { _ in }
    } refuse: { _ in
    }
  }

  static var stop: GroupWriter.Work {
    GroupWriter.Work { session in
      try session.stop()
      return { _ in }
    } refuse: { _ in
    }
  }

  /// One piece of work whose failure is its own, unless the store itself failed.
  static func single<Value: Sendable>(
    weight: Int = 1, _ body: @escaping @Sendable (inout WriteSession) throws -> Value,
    completion: @escaping @Sendable (Result<Value, RegisterError>) -> Void
  ) -> GroupWriter.Work {
    GroupWriter.Work(weight: weight) { session in
      do {
        let value = try session.attempt(body)
        return { error in completion(error.map(Result.failure) ?? .success(value)) }
      } catch {
        guard error.isOfOneCommand else { throw error }
        let reason = RegisterError(error)
        return { _ in completion(.failure(reason)) }
      }
    } refuse: {
      completion(.failure($0))
    }
  }
}

extension Error {
  /// The command is at fault, or what it met; the group goes on. Else the store is, and nothing of the group can be kept.
  var isOfOneCommand: Bool {
    switch self {
    case is RegisterError, is DamagedColumn: true
    case let error as DatabaseError: error.resultCode == .SQLITE_CONSTRAINT
    default: false
    }
  }
}

extension WriteSession {
  /// The first entry of a run of the daemon, after one that tells of the gap if the run before did not end well.
  mutating func start() throws {
    let now = clock.now()
    let cleanStop = try db.first("SELECT clean_stop FROM register") { $0.bool(0) }
    if cleanStop == nil {
      let name = hex((0..<16).map { _ in UInt8.random(in: 0...255) })
      try db.run("INSERT INTO register (id, uuid, created_at, clean_stop) VALUES (1, ?, ?, 0)", .text(name), .of(now))
    } else if cleanStop == false {
      let last = try db.first("SELECT at FROM audit ORDER BY sequence DESC LIMIT 1") { $0.instant(0) }
      try append(
        AuditNote(
          kind: .gap, at: now, author: nil, method: "register/start", subject: nil,
          details: [.init("after", last?.text ?? ""), .init("lost", "reads answered within a tenth of a second before the end")]))
    }
    try db.run("UPDATE register SET clean_stop = 0")
    try append(AuditNote(kind: .start, at: now, author: nil, method: "register/start", subject: nil))
  }

  mutating func stop() throws {
    try db.run("UPDATE register SET clean_stop = 1")
    try append(AuditNote(kind: .stop, at: clock.now(), author: nil, method: "register/stop", subject: nil))
  }
}
