// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Testing

/// A case from intake to aftercare, and what must be refused on the way: the real programs, another clerk for each step.
@Suite(.serialized) struct RegisterJourneyTests {
  /// In custody, riot, imprisonment: a cut that ends later, or a release.
  static func record(_ reference: String, term: String = "P2Y") -> String {
    """
    {"reference":"\(reference)","person":{"familyName":"Үлгі","givenName":"Сынақ","bornOn":"1990-02-03"},"stage":"sentenced",\
    "recidivism":"none","objectsToTermination":false,"offences":[{"id":"1","article":"272","part":2,"gravity":"medium",\
    "committedFrom":"2022-01-05","committedThrough":"2022-01-05","territory":"KZ","nexus":"riot","classes":[],\
    "sentence":{"kind":"imprisonment","term":"\(term)"}}],"sentence":{"imposedOn":"2022-06-10","kind":"imprisonment","term":"\(term)",\
    "startsOn":"2022-01-10","creditDays":0,"aggregation":"single","servedOn":null},"detained":true,"unknowable":[],"disputed":[]}
    """
  }

  @discardableResult
  func control(_ daemon: RunningDaemon, as clerk: String, _ line: String, input: String = "", status: Int32 = 0) throws -> Finished {
    let words = line.split(separator: " ").map(String.init) + ["--actor", clerk]
    let done = try run("amnestyctl", words, input: input, environment: ["AMNESTY_SOCKET": daemon.socket, "NO_COLOR": "1"])
    #expect(done.status == status, "amnestyctl \(line): \(done.errors)")
    return done
  }

  @Test func aCaseGoesFromIntakeToAftercareAndNobodyDecidesAlone() throws {
    let daemon = try RunningDaemon()
    let reference = "SYN-J-1"
    try control(daemon, as: "aigul", "case register -", input: Self.record(reference))
    try control(daemon, as: "aigul", "case register -", input: Self.record(reference, term: "P3Y"), status: 73)
    let early = try control(daemon, as: "bolat", "decision propose \(reference)", status: 65)
    #expect(early.errors.contains("case assess \(reference)"))

    let assessed = try control(daemon, as: "bolat", "case assess \(reference)")
    #expect(assessed.output.contains("assessed") && assessed.output.contains("eligible"))
    try control(daemon, as: "bolat", "decision propose \(reference)")
    // Four eyes: neither who proposed nor who registered.
    for clerk in ["bolat", "aigul"] {
      let refused = try control(daemon, as: clerk, "decision decide \(reference) --as-proposed", status: 65)
      #expect(refused.errors.contains("FOUR_EYES"))
    }
    let stale = try control(daemon, as: "dana", "decision decide \(reference) --verdict grant --etag v1", status: 75)
    #expect(stale.errors.contains("STALE_ETAG") && stale.errors.contains("case show"))

    let first = try control(daemon, as: "dana", "decision decide \(reference) --verdict grant --key once")
    #expect(first.output.contains("granted"))
    let again = try control(daemon, as: "dana", "decision decide \(reference) --verdict grant --key once")
    #expect(again.output.contains("done before with this key"))
    try control(daemon, as: "dana", "decision decide \(reference) --verdict refuse --reason no --key once", status: 75)
    try control(daemon, as: "dana", "decision execute \(reference)", status: 65)
    try control(daemon, as: "erlan", "decision execute \(reference)")

    let page = try control(daemon, as: "erlan", "case show \(reference) --history").output
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 })
    for word in ["Үлгі Сынақ", "in custody", "release", "history", "employment", "bolat", "dana", "erlan", "proposed → granted"] {
      #expect(page.contains(word), "\(word) in\n\(page)")
    }
    #expect(try control(daemon, as: "erlan", "aftercare list -o csv").output.contains("medical_care,open"))
    #expect(try control(daemon, as: "erlan", "case close \(reference)", status: 65).errors.contains("NEEDS_OPEN"))
    #expect(try control(daemon, as: "x", "case show SYN-NONE", status: 66).errors.contains("SYN-NONE"))
    #expect(try control(daemon, as: "x", "case search ulgi").output.contains(reference))
    #expect(try control(daemon, as: "x", "case replay \(reference)").output.contains("reproduced"))
    #expect(try control(daemon, as: "x", "audit verify").output.contains("the trail holds"))
    #expect(try control(daemon, as: "x", "check").output.contains("sound"))
  }

  /// One offence of a joint sentence is released, the other is not covered: the term goes on, and nobody walks out.
  @Test func aReleaseFromOneOffenceOfAJointSentenceFreesNobody() throws {
    let daemon = try RunningDaemon()
    let record = """
      {"reference":"SYN-J-2","person":{"bornOn":"1990-02-03"},"stage":"sentenced","recidivism":"none","objectsToTermination":false,"offences":[\
      {"id":"1","article":"188","part":3,"gravity":"grave","committedFrom":"2022-01-05","committedThrough":"2022-01-05","territory":"KZ",\
      "nexus":"none","classes":[],"sentence":{"kind":"imprisonment","term":"P9Y"}},\
      {"id":"2","article":"272","part":2,"gravity":"minor","committedFrom":"2022-01-05","committedThrough":"2022-01-05","territory":"KZ",\
      "nexus":"riot","classes":[],"sentence":{"kind":"imprisonment","term":"P1Y"}}],"sentence":{"imposedOn":"2022-06-10",\
      "kind":"imprisonment","term":"P10Y","startsOn":"2022-01-10","creditDays":0,"aggregation":"addition"},"detained":true}
      """
    try control(daemon, as: "aigul", "case register -", input: record)
    let assessed = try control(daemon, as: "bolat", "case assess SYN-J-2").output
    #expect(assessed.contains("partial release_from_punishment"), "\(assessed)")
    try control(daemon, as: "bolat", "decision propose SYN-J-2")
    try control(daemon, as: "dana", "decision decide SYN-J-2 --as-proposed")
    let executed = try control(daemon, as: "erlan", "decision execute SYN-J-2").output
    #expect(executed.contains("new_end 2031-01-10") && !executed.contains("release 20"), "\(executed)")
  }

  @Test func anImportCostsABadRecordItsOwnRowAndCanBeRepeated() throws {
    let daemon = try RunningDaemon()
    var lines = try JourneyTests.sample(40)
    lines.insert(#"{"reference":"SYN-BAD-1","offences":[]}"#, at: 3)
    lines.insert(#"{"reference":"SYN-BAD-2","#, at: 10)
    let errors = daemon.folder.appending(path: "errors.ndjson")
    let text = lines.joined(separator: "\n")
    let first = try daemon.control("case", "import", "-", "--errors", errors.path, input: text)
    #expect(first.status == 65)
    #expect(first.output.hasPrefix("42 records: 40 registered, 2 failed"))
    let refusals = try String(contentsOf: errors, encoding: .utf8).split(separator: "\n")
    #expect(refusals.count == 2)
    #expect(refusals[0].hasPrefix(#"{"index":3,"line":4,"reference":"SYN-BAD-1","status":{"code":"INVALID_ARGUMENT""#))
    #expect(refusals[1].contains(#""index":10,"line":11"#) && refusals[1].contains("MALFORMED_JSON"))
    let second = try daemon.control("case", "import", "-", input: text)
    #expect(second.output.hasPrefix("42 records: 0 registered, 40 there already, 2 failed"))

    let exported = try daemon.control("case", "export", "--records")
    #expect(exported.status == 0 && exported.output.split(separator: "\n").count == 40)
    #expect(try daemon.control("case", "list", "--limit", "7", "-o", "ndjson").output.split(separator: "\n").count == 7)
    let bulk = try daemon.control("case", "assess", "--all")
    #expect(bulk.status == 0 && bulk.output.hasPrefix("40 assessed"))
  }

  /// The daemon is killed in the middle: the import goes on with the next one, and no record is lost or taken twice.
  @Test func anImportOutlivesItsDaemon() throws {
    let people = 12_000
    let daemon = try RunningDaemon()
    let file = daemon.folder.appending(path: "many.ndjson")
    try Data(try JourneyTests.sample(people).joined(separator: "\n").utf8).write(to: file)
    let importing = Process()
    let output = Pipe()
    importing.executableURL = Checkout.program("amnestyctl")
    importing.arguments = ["--socket", daemon.socket, "case", "import", file.path]
    importing.standardOutput = output
    try importing.run()
    // Some are in, and not all.
    var taken = 0
    while taken == 0 {
      let counted = try daemon.control("case", "summary", "-o", "csv").output
      taken = counted.split(separator: "\n").first { $0.hasPrefix("all,") }.flatMap { Int($0.split(separator: ",").last ?? "") } ?? 0
    }
    daemon.signal(SIGKILL)
    _ = daemon.waitForExit()
    let next = Process()
    let log = Pipe()
    next.executableURL = Checkout.program("amnestyd")
    next.arguments = daemon.arguments
    next.standardError = log
    try next.run()
    defer {
      kill(next.processIdentifier, SIGTERM)
      next.waitUntilExit()
    }
    importing.waitUntilExit()
    #expect(importing.terminationStatus == 0)
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(said.hasPrefix("12,000 records: "), "\(said)")
    let counted = try daemon.control("case", "summary", "-o", "csv").output
    #expect(counted.contains("all,,\(people)\n"), "\(counted)")
    #expect(try daemon.control("check").status == 0)
    #expect(try daemon.control("audit", "list", "--limit", "0", "-o", "csv").output.contains(",gap,"))
  }

  @Test func aWatchTellsWhatHappenedSinceItsToken() throws {
    let daemon = try RunningDaemon()
    // A follower that is cut off once it has a token.
    let follower = Process()
    let said = Pipe()
    follower.executableURL = Checkout.program("amnestyctl")
    follower.arguments = ["--socket", daemon.socket, "call", "amnesty.v1.CaseService/Watch", "{}"]
    follower.standardOutput = said
    try follower.run()
    var words = ""
    while !words.contains("\n") { words += try nextWords(said, awaiting: "resumeToken") }
    follower.terminate()
    follower.waitUntilExit()
    let token = try #require(words.components(separatedBy: "\"resumeToken\":\"").last?.split(separator: "\"").first.map(String.init))

    for number in 1...3 { try control(daemon, as: "aigul", "case register -", input: Self.record("SYN-W-\(number)")) }
    try control(daemon, as: "bolat", "case assess SYN-W-2")
    let trail = try daemon.control("case", "watch", "--resume", token, "--count", "4", "-o", "csv")
    #expect(trail.status == 0)
    let rows = trail.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",").dropFirst().prefix(3).joined(separator: " ") }
    #expect(
      rows == ["SYN-W-1 register registered", "SYN-W-2 register registered", "SYN-W-3 register registered", "SYN-W-2 assess assessed"])
    #expect(try daemon.control("case", "watch", "--resume", "nonsense", "--count", "1").errors.contains("UNKNOWN_RESUME_TOKEN"))
  }

  @Test func tamperingIsFoundWithoutADaemonAndABackupComesBack() throws {
    let daemon = try RunningDaemon()
    for number in 1...3 { try control(daemon, as: "aigul", "case register -", input: Self.record("SYN-A-\(number)")) }
    let backup = try daemon.control("backup", "create", "--name", "b.sqlite", "-o", "json")
    #expect(backup.status == 0, "\(backup.errors)")
    let copy = daemon.folder.appending(path: "state/backups/b.sqlite").path
    #expect(try run("amnestyctl", ["check", "--database", copy]).output.contains("sound: 3 cases"))
    #expect(try run("amnestyctl", ["audit", "verify", copy]).output.contains("the trail holds"))

    let export = try daemon.control("audit", "export").output
    let file = daemon.folder.appending(path: "audit.ndjson")
    let lines = export.split(separator: "\n").map(String.init)
    func verify(_ lines: [String]) throws -> Finished {
      try Data(lines.joined(separator: "\n").utf8).write(to: file)
      return try run("amnestyctl", ["audit", "verify", file.path])
    }
    #expect(try verify(lines).status == 0)
    for (name, tampered, kind) in [
      ("dropped", Array(lines.dropFirst()), "missing"),
      ("changed", lines.map { $0.replacingOccurrences(of: "aigul", with: "bolat") }, "changed"),
      ("reordered", Array(lines.reversed()), "missing"), ("no entry", lines + ["{}"], "unreadable"),
    ] {
      let found = try verify(tampered)
      #expect(found.status == 65 && found.output.contains("entry "), "\(name): \(found.output)")
      let told = try run("amnestyctl", ["audit", "verify", file.path, "-o", "json"]).output
      #expect(told.contains("\"kind\": \"\(kind)\""), "\(name): \(told)")
    }

    // Nothing is not sound.
    let nothing = try verify([])
    #expect(nothing.status == 65 && nothing.errors.contains("nothing to verify"), "\(nothing.output)\(nothing.errors)")

    let state = daemon.folder.appending(path: "state").path
    #expect(try run("amnestyctl", ["restore", copy, "--state-directory", state]).status == 75)
    try control(daemon, as: "aigul", "case register -", input: Self.record("SYN-A-4"))
    daemon.signal(SIGTERM)
    #expect(daemon.waitForExit() == 0)
    let restored = try run("amnestyctl", ["restore", copy, "--state-directory", state])
    #expect(restored.status == 0 && restored.output.contains("restored: 3 cases"), "\(restored.errors)")
    #expect(FileManager.default.fileExists(atPath: state + "/register.sqlite.before-restore"))
    #expect(try run("amnestyctl", ["audit", "verify", state + "/register.sqlite"]).output.contains("the trail holds"))
  }

  @Test func figuresAreWrittenInOneStep() throws {
    let daemon = try RunningDaemon()
    let file = daemon.folder.appending(path: "amnestyd.prom").path
    #expect(try daemon.control("metrics", "--file", file).status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasSuffix("# EOF\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.folder.path).filter { $0.contains(".tmp") }.isEmpty)
  }
}
