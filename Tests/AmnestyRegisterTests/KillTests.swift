// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Foundation
internal import Glibc
internal import RegisterConformance
internal import Testing

enum RegisterWriter {
  /// Built beside the tests, wherever that is.
  static var program: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "register-writer").path
  }

  /// Runs until it has told so many acknowledgements, or one more than it had time for, then kills it. Returns all it told.
  static func killed(after lines: Int, path: String, seed: Int) throws -> [String: Int] {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = [path, "\(seed)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    try pipe.fileHandleForWriting.close()
    var told: [UInt8] = []
    var count = 0
    let reader = pipe.fileHandleForReading
    var isKilled = false
    while true {
      if !isKilled, count >= lines {
        kill(process.processIdentifier, SIGKILL)
        isKilled = true
      }
      // What was told before the end is still in the pipe.
      let data = reader.availableData
      if data.isEmpty { break }
      count += data.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      told.append(contentsOf: data)
    }
    process.waitUntilExit()
    var steps: [String: Int] = [:]
    for line in told.split(separator: UInt8(ascii: "\n")) {
      let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard parts.count == 2, let step = Int(parts[1]) else { continue }
      steps[String(parts[0])] = step + 1
    }
    return steps
  }
}

@Suite struct KillTests {
  /// `AMNESTY_KILLS` asks for more.
  static let rounds = ProcessInfo.processInfo.environment["AMNESTY_KILLS"].flatMap(Int.init) ?? 300

  @Test func whatWasAcknowledgedIsThereOnceAndWhole() async throws {
    var generator = SeededGenerator(seed: 2022)
    var folder = try Folder()
    for round in 0..<KillTests.rounds {
      // A new file now and then: the first commits of a database are moments too.
      if round % 25 == 0 { folder = try Folder() }
      let acknowledged = try RegisterWriter.killed(
        after: Int.random(in: 0..<(round % 3 == 0 ? 20 : 600), using: &generator), path: folder.file(), seed: round)
      let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: ManualClock("2030-01-01").clock)
      try #require(register.unavailability == nil)

      let before = try await KillTests.links(acknowledged.keys, register)
      for (reference, steps) in acknowledged {
        let kinds = before[reference] ?? []
        #expect(kinds.count >= steps && kinds == Array(RetriedSteps.kinds.prefix(kinds.count)), "\(reference) in round \(round)")
      }
      // Again with the same keys: what was done is not done twice.
      for (reference, steps) in acknowledged {
        for step in 0..<RetriedSteps.count {
          let answer = try await RetriedSteps.perform(step, of: reference, on: register)
          if step < steps { #expect(answer.replayed, "\(reference) \(step) in round \(round)") }
        }
      }
      let after = try await KillTests.links(acknowledged.keys, register)
      for reference in acknowledged.keys { #expect(after[reference] == RetriedSteps.kinds, "\(reference) in round \(round)") }
      if round % 25 == 24 || round == KillTests.rounds - 1 {
        #expect(try await register.check().problems == [])
      } else {
        #expect(try await register.verifyAudit(against: []).fault == nil)
      }
      await register.close()
    }
  }

  private static func links(_ references: some Collection<String> & Sendable, _ register: SQLiteRegister) async throws -> [String:
    [LinkKind]]
  {
    let references = Array(references)
    return try await register.read { reading throws(RegisterError) in
      var links: [String: [LinkKind]] = [:]
      for reference in references {
        links[reference] = try reading.links(of: reference, page: PageRequest(size: 10), scope: .everything).items.map(\.kind)
      }
      return links
    }
  }
}
