// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import Foundation
internal import GRDB
internal import RegisterConformance
internal import Synchronization

/// Measures the register on its own, without a socket: `amnesty-register-benchmarks FOLDER [CASES]`. Times are of this machine and this run.
@main enum RegisterBenchmarks {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else {
      print("usage: amnesty-register-benchmarks FOLDER [CASES]")
      return
    }
    let cases = arguments.count > 2 ? Int(arguments[2]) ?? 100_000 : 100_000
    let path = arguments[1] + "/benchmark-\(UUID().uuidString).db"
    let register = SQLiteRegister(path: path, policy: Synthetic.policy, clock: clock)
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }

    try await commands(register)
    try await importing(register, cases, prefix: "SYN")
    try await reading(register, path, cases)
    try await lists(register)
    try await searches(register, "alone")
    try await withThrowingTaskGroup(of: Void.self) { group in
      let done = Atomic<Bool>(false)
      group.addTask {
        try await importing(register, cases, prefix: "SYN-X")
        done.store(true, ordering: .sequentiallyConsistent)
      }
      group.addTask {
        while !done.load(ordering: .sequentiallyConsistent) { try await searches(register, "while an import runs", rounds: 300) }
      }
      try await group.waitForAll()
    }
    let began = ContinuousClock.now
    let report = try await register.check()
    print(
      "check of \(report.cases) cases and \(report.auditEntries) entries: \(began.duration(to: .now)), \(report.problems.count) problems")
    await register.close()
  }

  static let clock = RegisterClock {
    Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  static func rate(_ name: String, _ count: Int, _ body: () async throws -> Void) async throws {
    let began = ContinuousClock.now
    try await body()
    let duration = began.duration(to: .now) / .seconds(1)
    print("\(name): \(Int(Double(count) / duration))/s (\(count) in \(String(format: "%.2f", duration)) s)")
  }

  static func latency(_ name: String, _ rounds: Int, _ body: (Int) async throws -> Void) async throws {
    var times: [Double] = []
    for round in 0..<rounds {
      let began = ContinuousClock.now
      try await body(round)
      times.append(began.duration(to: .now) / .microseconds(1))
    }
    times.sort()
    func at(_ share: Double) -> String { String(format: "%.0f", times[min(times.count - 1, Int(Double(times.count) * share))]) }
    print("\(name): p50 \(at(0.5)) µs, p99 \(at(0.99)) µs, worst \(at(1)) µs (\(rounds))")
  }

  static func commands(_ register: SQLiteRegister) async throws {
    try await latency("one durable command at a time", 1000) { round in
      _ = try await RetriedSteps.perform(0, of: "SYN-ONE-\(round)", on: register)
    }
    for inFlight in [16, 64, 256] {
      let each = 20_000 / inFlight
      for step in [0, 1] {
        try await rate("\(step == 0 ? "register" : "assign"), \(inFlight) in flight, durable", each * inFlight) {
          try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<inFlight {
              group.addTask {
                for number in 0..<each { _ = try await RetriedSteps.perform(step, of: "SYN-\(inFlight)-\(writer)-\(number)", on: register) }
              }
            }
            try await group.waitForAll()
          }
        }
      }
    }
  }

  static let families = ["Сериков", "Ахметов", "Нурланов", "Касымов", "Жумабаев", "Оспанов", "Ермеков", "Тулегенов", "Байжанов", "Искаков"]
  static let givens = ["Ерлан", "Қайрат", "Жанар", "Айгүл", "Нұрлан", "Дәулет", "Гүлнар", "Тимур", "Асель", "Марат"]

  static func newCase(_ prefix: String, _ number: Int) -> NewCase {
    // As long as a usual record, 745 bytes.
    let filler = String(repeating: "x", count: 640)
    return NewCase(
      reference: "\(prefix)-\(number)", office: "almaty",
      record: Synthetic.record(
        "\(number) \(filler)", family: families[number % 10] + String(number % 997), given: givens[number / 10 % 10],
        iin: String(format: "%012d", number), detained: number % 9 == 0))
  }

  static func importing(_ register: SQLiteRegister, _ count: Int, prefix: String) async throws {
    let cases = (0..<count).map { newCase(prefix, $0) }
    let batch = 500
    let next = Atomic<Int>(0)
    try await rate("import, batches of \(batch), two in flight", count) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<2 {
          group.addTask {
            while true {
              let from = next.add(batch, ordering: .relaxed).oldValue
              guard from < cases.count else { return }
              _ = try await register.importBatch(
                Array(cases[from..<min(from + batch, cases.count)]),
                ImportRequest(
                  author: Synthetic.registrar, scope: .everything, method: "amnesty.v1.CaseService/Import", day: Synthetic.today))
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  static func reading(_ register: SQLiteRegister, _ path: String, _ cases: Int) async throws {
    var generator = SeededGenerator(seed: 1)
    let references = (0..<20_000).map { _ in "SYN-\(Int.random(in: 0..<cases, using: &generator))" }
    try await latency("read { get }", 5000) { round in
      _ = try await register.read { reading throws(RegisterError) in try reading.get(references[round], scope: .everything) }
    }
    try await latency("submitRead { get }, a continuation", 5000) { round in
      await withCheckedContinuation { continuation in
        register.submitRead { reading in
          if case .success(let reading) = reading { _ = try? reading.get(references[round], scope: .everything) }
          continuation.resume()
        }
      }
    }
    try await rate("read { get }, 64 in flight", references.count) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for reader in 0..<64 {
          group.addTask {
            for place in stride(from: reader, to: references.count, by: 64) {
              _ = try await register.read { reading throws(RegisterError) in try reading.get(references[place], scope: .everything) }
            }
          }
        }
        try await group.waitForAll()
      }
    }
    try await latency("20 gets in one read, each", 500) { round in
      _ = try await register.read { reading throws(RegisterError) in
        for place in 0..<20 { _ = try reading.get(references[round * 20 + place], scope: .everything) }
      }
    }
    // What GRDB's own pool costs, with the least query there is.
    let pool = try DatabasePool(path: path)
    try await latency("GRDB pool.read, on this thread", 5000) { round in try poolRead(pool, references[round]) }
    try await latency("GRDB await pool.read", 5000) { round in
      _ = try await pool.read { db in try poolQuery(db, references[round]) }
    }
    try pool.close()
  }

  private static func poolRead(_ pool: DatabasePool, _ reference: String) throws {
    _ = try pool.read { try poolQuery($0, reference) }
  }

  private static func poolQuery(_ db: Database, _ reference: String) throws -> Int? {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT version FROM cases WHERE reference = ?"), arguments: [reference])
  }

  static func lists(_ register: SQLiteRegister) async throws {
    for order in CaseOrder.allCases {
      // Walks to the end, and compares the first pages with the last.
      var token: String?
      var times: [Double] = []
      repeat {
        let page = PageRequest(size: 100, token: token)
        let began = ContinuousClock.now
        token = try await register.read { reading throws(RegisterError) in
          try reading.list(CaseFilter(), order: order, page: page, scope: .everything).nextToken
        }
        times.append(began.duration(to: .now) / .microseconds(1))
      } while token != nil
      func median(_ part: ArraySlice<Double>) -> String { String(format: "%.0f", part.sorted()[part.count / 2]) }
      let some = max(1, times.count / 10)
      print(
        "list by \(order.rawValue), pages of 100: first tenth \(median(times.prefix(some))) µs, last tenth \(median(times.suffix(some))) µs a page"
      )
    }
    try await latency("summary of everything", 10) { _ in
      _ = try await register.read { reading throws(RegisterError) in try reading.summary(CaseFilter(), scope: .everything) }
    }
    try await latency("work, first page of 50", 200) { _ in
      _ = try await register.read { reading throws(RegisterError) in
        try reading.work(WorkFilter(), page: PageRequest(size: 50), scope: .everything)
      }
    }
  }

  static func searches(_ register: SQLiteRegister, _ circumstances: String, rounds: Int = 2000) async throws {
    let words = ["С", "Се", "Сер", "Serik", "Akhm", "Ахметов12", "zhan", "Жанар Сер", "k", "0000001", "SYN-12", "Ya", "Gulnar Osp", "Т"]
    for length in [1, 2, 3] {
      let some = words.filter { length == 3 ? $0.count >= 3 : $0.count == length }
      try await latency("search by \(length == 3 ? "3 or more letters" : "\(length) letters") \(circumstances)", rounds) { round in
        _ = try await register.read { reading throws(RegisterError) in
          try reading.search(some[round % some.count], limit: 20, scope: .everything)
        }
      }
    }
  }
}
