// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Foundation
internal import NIOCore
internal import Testing

/// The real programs on a real socket.
@Suite(.serialized) struct JourneyTests {
  static func sample(_ people: Int) throws -> [String] {
    let made = try run("amnestyctl", ["sample", "--people", "\(people)", "--seed", "11"])
    #expect(made.status == 0)
    return made.output.split(separator: "\n").map(String.init)
  }

  @Test func theExampleOfTheClientsPageIsWhatIsCompiledAndWorks() async throws {
    let page = try String(contentsOf: Checkout.folder("clients/swift/README.md"), encoding: .utf8)
    let file = try String(contentsOf: Checkout.folder("Tests/Integration/ReadmeExample.swift"), encoding: .utf8)
    let code = try #require(file.components(separatedBy: "// begin\n").last?.components(separatedBy: "// end").first)
    #expect(page.contains("```swift\n\(code)```"))

    let daemon = try RunningDaemon()
    let records = try Self.sample(5).map { try CaseRecord.decode(ByteBuffer(string: $0)) }
    let outcomes = try await outcomes(of: records, at: daemon.socket)
    #expect(Set(outcomes.keys) == Set(records.map(\.reference)))
  }

  @Test func aBadRecordCostsItsOwnRowOnly() throws {
    let daemon = try RunningDaemon()
    var lines = try Self.sample(3)
    lines.insert(#"{"reference":"SYN-BAD-1","offences":[]}"#, at: 1)
    lines.insert(#"{"reference":"SYN-BAD-2","#, at: 2)
    let assessed = try daemon.control("assess", "-", "--output", "ndjson", input: lines.joined(separator: "\n"))
    #expect(assessed.status == 65)
    let rows = assessed.output.split(separator: "\n")
    try #require(rows.count == 5)
    #expect(rows[1].contains("CONTRADICTORY_RECORD") && rows[1].contains("/offences"))
    #expect(rows[2].contains("MALFORMED_JSON") && rows[2].contains("\"line\":3"))
    #expect(rows[4].contains("\"assessment\""))
    #expect(assessed.errors.contains("2 of 5"))
    #expect(try daemon.control("health").status == 0)
  }

  @Test func theEstimateAddsUpToEveryRecord() throws {
    let daemon = try RunningDaemon()
    let file = daemon.folder.appending(path: "register.ndjson")
    try Data(try Self.sample(300).joined(separator: "\n").utf8).write(to: file)
    let table = try daemon.control("estimate", file.path)
    #expect(table.status == 0)
    let people = try #require(table.output.split(separator: "\n").first { $0.hasPrefix("all ") })
    let numbers = people.split(separator: " ").compactMap { Int($0) }
    #expect(numbers.last == 300 && numbers.dropLast().reduce(0, +) == 300)
  }

  @Test func aBadActIsRefusedAndTheOneInForceStays() throws {
    let daemon = try RunningDaemon()
    let file = daemon.acts.appending(path: "kz-2022-152-vii.yaml")
    let sound = try String(contentsOf: file, encoding: .utf8)
    let before = try daemon.control("act", "list", "--output", "json").output
    try Data(sound.replacingOccurrences(of: "fact: nexus", with: "fact: nexuss").utf8).write(to: file)
    daemon.signal(SIGHUP)
    let refusal = try daemon.waitFor("nexuss")
    #expect(refusal.contains("kz-2022-152-vii.yaml:244:"))
    #expect(try daemon.control("act", "list", "--output", "json").output == before)

    try Data(sound.replacingOccurrences(of: "version: 1.0.0", with: "version: 1.0.1").utf8).write(to: file)
    daemon.signal(SIGHUP)
    try daemon.waitFor("\"message\":\"reloaded\"")
    #expect(try daemon.control("act", "list", "--output", "json").output.contains("1.0.1"))
  }

  @Test func aReloadByCallWaitsAndFailsWithThePlace() throws {
    let daemon = try RunningDaemon()
    let file = daemon.acts.appending(path: "kz-2022-152-vii.yaml")
    let sound = try String(contentsOf: file, encoding: .utf8)
    try Data(sound.replacingOccurrences(of: "version: 1.0.0", with: "version: 1.0.1").utf8).write(to: file)
    let reloaded = try daemon.control("reload")
    #expect(reloaded.status == 0)
    #expect(reloaded.output.contains("kz-2022-152-vii 1.0.1: in force, where none is named"))

    try Data(sound.replacingOccurrences(of: "fact: nexus", with: "fact: nexuss").utf8).write(to: file)
    let refused = try daemon.control("reload")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("what was in force stays: \(file.path):244:19: unknown fact nexuss"))
    #expect(try daemon.control("act", "list", "--output", "json").output.contains("1.0.1"))
  }

  @Test func itDrainsOnSIGTERMAndTakesItsSocketWithIt() throws {
    let daemon = try RunningDaemon()
    daemon.signal(SIGTERM)
    #expect(daemon.waitForExit() == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
  }

  @Test func aSecondDaemonOnTheSameStateIsRefused() throws {
    let daemon = try RunningDaemon()
    let second = try run("amnestyd", daemon.arguments)
    #expect(second.status == 75)
    #expect(second.errors.contains("state"))
    #expect(try daemon.control("health").status == 0)
  }

  @Test func afterAKillItStartsAgainOverTheSocketLeftBehind() throws {
    let daemon = try RunningDaemon()
    daemon.signal(SIGKILL)
    _ = daemon.waitForExit()
    #expect(FileManager.default.fileExists(atPath: daemon.socket))
    let process = Process()
    let log = Pipe()
    process.executableURL = Checkout.program("amnestyd")
    process.arguments = daemon.arguments
    process.standardError = log
    try process.run()
    defer {
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
    }
    var said = ""
    while !said.contains("\"message\":\"ready\"") {
      said += try nextWords(log, awaiting: "ready")
    }
    #expect(try daemon.control("health").status == 0)
  }

  @Test func withoutADaemonTheErrorSaysWhatToDo() throws {
    let alone = try run("amnestyctl", ["--socket", "/nonexistent/a.sock", "health"])
    let other = try run("amnestyctl", ["health", "--socket", "/nonexistent/a.sock"])
    let told = alone.status == 64 ? other : alone
    #expect(told.status == 69)
    #expect(told.errors.contains("/nonexistent/a.sock"))
  }
}
