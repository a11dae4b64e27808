// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Logging
internal import Testing

@testable internal import AmnestyDaemon

@Suite("State directory, acts folder and log") struct StateAndLogTests {
  @Test("The state directory is made with those above it, for its owner only, and a second daemon is refused")
  func stateDirectory() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a/b"
    do {
      let first = try StateDirectory(path)
      #expect(first.path == path)
      for made in [folder.path + "/a", path] {
        #expect(try FileManager.default.attributesOfItem(atPath: made)[.posixPermissions] as? Int == 0o700)
      }
      do {
        let second = try StateDirectory(path)
        Issue.record("\(second.path) was taken twice")
      } catch {
        #expect(error.kind == .temporary)
        #expect(error.description.contains("process \(getpid())"))
      }
    }
    let again = try StateDirectory(path)
    #expect(again.path == path)
  }

  @Test("A file in the place of the state directory is told apart")
  func fileInPlace() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("state", "")
    do {
      let state = try StateDirectory(file)
      Issue.record("\(state.path) was taken")
    } catch {
      #expect(error.kind == .cannotCreate)
    }
  }

  @Test("The acts are found beside the program, in the system, then above the program")
  func actSearch() throws {
    let folder = try TemporaryFolder()
    let tree = folder.path + "/tree"
    for made in ["/bin", "/share/amnestyd/acts", "/tree/.build/release", "/tree/acts", "/system"] {
      try FileManager.default.createDirectory(atPath: folder.path + made, withIntermediateDirectories: true)
    }
    let program = ActSearch(programFolder: tree + "/.build/release", systemFolder: folder.path + "/system")
    #expect(throws: DaemonError.self) { try program.find() }
    try folder.write("tree/acts/a.yaml", "")
    #expect(try program.find() == tree + "/acts")
    try folder.write("system/a.yaml", "")
    #expect(try program.find() == folder.path + "/system")
    try folder.write("share/amnestyd/acts/a.yaml", "")
    #expect(
      try ActSearch(programFolder: folder.path + "/bin", systemFolder: folder.path + "/system").find() == folder.path
        + "/bin/../share/amnestyd/acts"
        || ActSearch(programFolder: folder.path + "/bin", systemFolder: folder.path + "/system").find() == folder.path
          + "/share/amnestyd/acts"
    )
  }

  @Test("A log line is one JSON object, whatever is in it")
  func jsonLog() throws {
    let lines = ReloadTests.LineStore()
    let logger = Logger(label: "l") { JSONLogHandler(label: $0, level: .trace) { lines.add($0) } }
    logger.warning("a \"quoted\"\nline", metadata: ["time": "mine", "list": ["a", "b"], "deep": ["x": "y"]])
    let text = lines.all
    #expect(text.hasSuffix("\n"))
    #expect(text.filter { $0 == "\n" }.count == 1)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    #expect(object["level"] as? String == "warning")
    #expect(object["message"] as? String == "a \"quoted\"\nline")
    #expect(object["metadata.time"] as? String == "mine")
    #expect(object["list"] as? [String] == ["a", "b"])
    #expect((object["deep"] as? [String: String]) == ["x": "y"])
  }

  @Test("A line for a person stays one line, and a peer's text cannot drive the terminal")
  func humanLog() {
    let lines = ReloadTests.LineStore()
    let logger = Logger(label: "l") { _ in HumanLogHandler(level: .trace) { lines.add($0) } }
    logger.info("ready", metadata: ["peer": "a\u{1B}[31m\nb"])
    #expect(lines.all.filter { $0 == "\n" }.count == 1)
    #expect(!lines.all.contains("\u{1B}"))
    #expect(lines.all.contains("info"))
  }

  @Test("The format follows standard error unless it is named")
  func format() {
    #expect(LogFormat.auto.resolved(isTerminal: true) == .human)
    #expect(LogFormat.auto.resolved(isTerminal: false) == .json)
    #expect(LogFormat.json.resolved(isTerminal: true) == .json)
    #expect(LogTime.text(seconds: 1_667_433_600, milliseconds: 7) == "2022-11-03T00:00:00.007Z")
  }
}
