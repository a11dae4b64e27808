// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Dispatch
internal import GRDB
internal import Synchronization

/// A few connections that read, each on a thread while it has work. Reads that wait together share one snapshot: it is begun after they were asked
/// for, so it holds all that was acknowledged before.
final class ReaderLanes: Sendable {
  typealias Body = @Sendable (Result<any RegisterReading, RegisterError>) -> Void

  private struct State {
    var pending: [Body] = []
    var idle: [Lane] = []
    var count = 1
    var isClosed = false
    var unavailability: Unavailability?
    var isLooking = false
    var nextLook = DispatchTime.now()
  }

  /// A lane is used by one thread at a time: it is either idle, in the list, or with the one who took it.
  private final class Lane: Sendable {
    let number: Int
    let open = Mutex<(database: DatabaseQueue?, generation: Int)>((nil, 0))

    init(number: Int) { self.number = number }
  }

  private let path: String
  private let writer: GroupWriter
  private let queue = DispatchQueue(label: "register.readers", attributes: .concurrent)
  private let state = Mutex(State())
  private static let shared = 8
  private static let betweenLooks = DispatchTimeInterval.seconds(1)

  init(path: String, count: Int, writer: GroupWriter) {
    self.path = path
    self.writer = writer
    state.withLock { state in
      state.count = max(1, count)
      state.idle = (0..<state.count).map(Lane.init)
    }
  }

  func submit(_ body: @escaping Body) {
    enum Verdict { case start(Lane), queued, closed }
    let verdict: Verdict = state.withLock { state in
      if state.isClosed { return .closed }
      state.pending.append(body)
      return state.idle.popLast().map(Verdict.start) ?? .queued
    }
    switch verdict {
    case .start(let lane): queue.async { self.drain(lane) }
    case .queued: break
    case .closed: body(.failure(.unavailable(Unavailability(.shuttingDown, message: "the register is closed"))))
    }
  }

  private func drain(_ lane: Lane) {
    while true {
      let bodies: [Body] = state.withLock { state in
        // A share of what waits, so that one that takes long holds up few.
        let count = min((state.pending.count + state.count - 1) / state.count, ReaderLanes.shared)
        let bodies = Array(state.pending[..<count])
        state.pending.removeFirst(count)
        if bodies.isEmpty { state.idle.append(lane) }
        return bodies
      }
      if bodies.isEmpty { return }
      run(bodies, on: lane)
    }
  }

  private func run(_ bodies: [Body], on lane: Lane) {
    writer.count { $0.reads += Int64(bodies.count) }
    let database: DatabaseQueue
    do { database = try opened(lane) } catch {
      // Why the writer cannot open says more than that the reader cannot.
      if let reason = writer.unavailability { return fail(bodies, .unavailable(reason)) }
      let told = RegisterError(error)
      if case .unavailable(let reason) = told { failed(reason) }
      return fail(bodies, told)
    }
    database.unsafeRead { db in
      do { try db.run("BEGIN") } catch {
        lane.open.withLock { $0.database = nil }
        let told = RegisterError(error)
        if case .unavailable(let reason) = told { failed(reason) }
        return fail(bodies, told)
      }
      let reading = SQLiteReading(db: db)
      for body in bodies { body(.success(reading)) }
      if let reason = reading.unavailability { failed(reason) }
      do { try db.run("COMMIT") } catch {
        try? db.run("ROLLBACK")
        lane.open.withLock { $0.database = nil }
      }
    }
  }

  private func opened(_ lane: Lane) throws -> DatabaseQueue {
    let generation = writer.generation.load(ordering: .sequentiallyConsistent)
    guard generation > 0 else { throw RegisterError.unavailable(Unavailability(.cannotOpen, message: "the database is not open")) }
    return try lane.open.withLock { open in
      if let database = open.database, open.generation == generation { return database }
      open.database = nil
      let database = try Connections.reader(path, lane.number)
      open = (database, generation)
      return database
    }
  }

  private func fail(_ bodies: [Body], _ reason: RegisterError) {
    for body in bodies { body(.failure(reason)) }
  }

  // MARK: - Whether the database can be read

  var unavailability: Unavailability? { state.withLock { $0.unavailability } }

  /// A read failed. Whether all do is seen by a look of its own: one damaged page makes no register unavailable, and connections that have pages in
  /// memory hide a disk that is gone.
  private func failed(_ reason: Unavailability) {
    writer.count { statistics in
      statistics.failedReads += 1
      statistics.lastFailure = reason
    }
    let isDue = state.withLock { state in
      guard !state.isLooking, !state.isClosed, DispatchTime.now() >= state.nextLook else { return false }
      state.isLooking = true
      return true
    }
    if isDue { queue.async { self.look() } }
  }

  /// Looks until the database can be read.
  private func look() {
    let reason = Connections.faultOfReading(path)
    let goesOn = state.withLock { state in
      state.unavailability = reason
      state.nextLook = .now() + ReaderLanes.betweenLooks
      state.isLooking = reason != nil && !state.isClosed
      return state.isLooking
    }
    if goesOn { queue.asyncAfter(deadline: .now() + ReaderLanes.betweenLooks) { self.look() } }
  }

  func close() {
    let (pending, idle) = state.withLock { state in
      defer {
        state.isClosed = true
        state.pending = []
      }
      return (state.pending, state.idle)
    }
    for body in pending { body(.failure(.unavailable(Unavailability(.shuttingDown, message: "the register is closed")))) }
    for lane in idle {
      lane.open.withLock { open in
        try? open.database?.close()
        open.database = nil
      }
    }
  }
}
