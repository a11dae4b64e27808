// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyServices
internal import Foundation
internal import Logging
internal import RPCServer
internal import Synchronization
internal import Systemd
internal import Testing

@testable internal import AmnestyDaemon

@Suite("Reload") struct ReloadTests {
  private static var shipped: String { #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/acts" }

  /// A coordinator over a copy of one shipped act, and what it logs.
  private final class Fixture: Sendable {
    let folder: TemporaryFolder
    let acts: ActsInForce
    let roles: RolesInForce
    let configuration = Mutex<Result<DaemonConfiguration, DaemonError>>(.success(DaemonConfiguration()))
    let lines = LineStore()
    let rightsChanges = Mutex(0)
    let told = Mutex<[Systemd.Notification]>([])
    let level = LogLevelInForce(.info)
    let limits = Mutex<ServerLimits?>(nil)

    init() throws {
      folder = try TemporaryFolder()
      for name in ["kz-2022-152-vii.yaml", "kz-2022-152-vii.examples.csv"] {
        try FileManager.default.copyItem(atPath: ReloadTests.shipped + "/" + name, toPath: folder.path + "/" + name)
      }
      acts = ActsInForce(try ActLoading(folder: folder.path).load().get())
      roles = RolesInForce(try RoleTable(nil, all: ["viewer"], ownUser: 42))
      let path = folder.path
      configuration.withLock { value in
        var configuration = DaemonConfiguration()
        configuration.acts = path
        value = .success(configuration)
      }
    }

    var coordinator: ReloadCoordinator {
      var logger = Logger(label: "test") { [lines] _ in JSONLogHandler(label: "test", level: .info) { lines.add($0) } }
      logger.logLevel = .info
      return ReloadCoordinator(
        acts: acts, roles: roles, configuration: { () async throws(DaemonError) in try self.configuration.withLock { $0 }.get() },
        knownRoles: ["viewer"], actSearch: ActSearch(programFolder: "/nonexistent", systemFolder: "/nonexistent"),
        rightsChanged: { self.rightsChanges.withLock { $0 += 1 } }, limitsChanged: { limits in self.limits.withLock { $0 = limits } },
        policyChanged: { _ in },
        logger: logger, level: level, requests: ReloadRequests(),
        notices: ServiceNotices(logger: logger) { (notification) throws(SystemdError) in self.told.withLock { $0.append(notification) } })
    }
  }

  final class LineStore: Sendable {
    private let kept = Mutex<[String]>([])
    func add(_ line: String) { kept.withLock { $0.append(line) } }
    var all: String { kept.withLock { $0.joined() } }
  }

  private func edit(_ fixture: Fixture, _ change: (String) -> String) throws {
    let file = fixture.folder.path + "/kz-2022-152-vii.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let changed = change(text)
    #expect(changed != text)
    try fixture.folder.write("kz-2022-152-vii.yaml", changed)
  }

  @Test("A changed act is in force after a reload; a call that began before keeps its snapshot")
  func changed() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    try edit(fixture) { $0.replacingOccurrences(of: "version: 1.0.0", with: "version: 1.0.1") }
    #expect(await fixture.coordinator.reload().problems == nil)
    #expect(fixture.acts.current !== before)
    #expect(fixture.acts.current.acts[0].file.definition.version == "1.0.1")
    #expect(before.acts[0].file.definition.version == "1.0.0")
    #expect(fixture.rightsChanges.withLock { $0 } == 1)
  }

  @Test("A bad act is refused with file, line and column, and what is in force stays")
  func badAct() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    try edit(fixture) { "unknownMember: 1\n" + $0 }
    #expect(await fixture.coordinator.reload().problems?.isEmpty == false)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("kz-2022-152-vii.yaml:1:1:"))
    #expect(fixture.rightsChanges.withLock { $0 } == 0)
  }

  @Test("A mistake in a version that was in force before is refused like any other")
  func badEarlierAct() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    try FileManager.default.createDirectory(atPath: fixture.folder.path + "/earlier", withIntermediateDirectories: false)
    try fixture.folder.write("earlier/old.yaml", "unknownMember: 1\n")
    #expect(await fixture.coordinator.reload().problems?.first?.place == "\(fixture.folder.path)/earlier/old.yaml:1:1")
    #expect(fixture.acts.current === before)
    let text = try String(contentsOfFile: fixture.folder.path + "/kz-2022-152-vii.yaml", encoding: .utf8)
    try fixture.folder.write("earlier/old.yaml", text)
    #expect(await fixture.coordinator.reload().problems == nil)
    #expect(fixture.acts.current.ids == before.ids)
  }

  @Test("An act that fails its own examples is refused")
  func failingExample() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    let file = fixture.folder.path + "/kz-2022-152-vii.examples.csv"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try fixture.folder.write("kz-2022-152-vii.examples.csv", text.replacingOccurrences(of: "ineligible", with: "eligible"))
    #expect(await fixture.coordinator.reload().problems?.isEmpty == false)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("kz-2022-152-vii.examples.csv:"))
  }

  @Test("A bad configuration is refused whole: the acts beside it are not taken either")
  func badConfiguration() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    try edit(fixture) { $0.replacingOccurrences(of: "version: 1.0.0", with: "version: 1.0.1") }
    fixture.configuration.withLock { $0 = .failure(DaemonError(.configuration, "x.yaml:1:1: unknown key y")) }
    #expect(await fixture.coordinator.reload().problems?.isEmpty == false)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("x.yaml:1:1"))
  }

  @Test("The service manager is told of the reload and, however it ends, that the daemon is ready; a refusal with the place")
  func notices() async throws {
    let fixture = try Fixture()
    _ = await fixture.coordinator.reload()
    try edit(fixture) { "unknownMember: 1\n" + $0 }
    let outcome = await fixture.coordinator.reload()
    let told = fixture.told.withLock { $0.map(\.assignments) }
    try #require(told.count == 4)
    for reloading in [told[0], told[2]] {
      #expect(reloading[0] == "RELOADING=1" && reloading[1].hasPrefix("MONOTONIC_USEC="))
    }
    #expect(told[1][0] == "READY=1" && told[3][0] == "READY=1")
    #expect(told[1][1] == "STATUS=Serving 1 act; kz-2022-152-vii 1.0.0 where none is named")
    #expect(told[3][1].contains("last reload refused: \(fixture.folder.path)/kz-2022-152-vii.yaml:1:1: "))
    #expect(outcome.problems?.first?.place == "\(fixture.folder.path)/kz-2022-152-vii.yaml:1:1")
  }

  @Test("A mistake in the configuration has its place apart from its words")
  func placeOfConfiguration() async throws {
    let fixture = try Fixture()
    fixture.configuration.withLock { $0 = .failure(DaemonError(.configuration, "/etc/x.conf:4:5: unknown key y")) }
    let outcome = await fixture.coordinator.reload()
    #expect(outcome.problems == [ReloadProblem(place: "/etc/x.conf:4:5", message: "unknown key y")])
  }

  @Test("The level of the log is the new one after a reload")
  func level() async throws {
    let fixture = try Fixture()
    fixture.configuration.withLock { value in
      var configuration = DaemonConfiguration()
      configuration.acts = fixture.folder.path
      configuration.logLevel = .debug
      value = .success(configuration)
    }
    var logger = Logger(label: "l") { label in
      LevelledLogHandler(JSONLogHandler(label: label, level: .trace) { fixture.lines.add($0) }, inForce: fixture.level)
    }
    logger.debug("before")
    _ = await fixture.coordinator.reload()
    logger.debug("after")
    logger.logLevel = .error
    logger.debug("own")
    #expect(!fixture.lines.all.contains("before") && fixture.lines.all.contains("after") && !fixture.lines.all.contains("own"))
  }

  @Test("The server is told the new limits after a reload, and nothing after a refused one")
  func limits() async throws {
    let fixture = try Fixture()
    fixture.configuration.withLock { value in
      var configuration = DaemonConfiguration()
      configuration.acts = fixture.folder.path
      configuration.limits.connectionsPerUser = 7
      value = .success(configuration)
    }
    try edit(fixture) { "unknownMember: 1\n" + $0 }
    _ = await fixture.coordinator.reload()
    #expect(fixture.limits.withLock { $0 } == nil)
    try edit(fixture) { $0.replacingOccurrences(of: "unknownMember: 1\n", with: "") }
    _ = await fixture.coordinator.reload()
    #expect(fixture.limits.withLock { $0?.connectionsPerUser } == 7)
  }

  @Test("A deciding body that no act names and no office is is refused with those that are, and what is in force stays")
  func unknownBody() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    var configuration = DaemonConfiguration()
    configuration.acts = fixture.folder.path
    configuration.deployment.offices = ["a": OfficeConfiguration(body: "police")]
    configuration.deployment.procedure = ["served": "cuort"]
    let asked = configuration
    fixture.configuration.withLock { $0 = .success(asked) }
    let problem = await fixture.coordinator.reload().problems?.first
    #expect(problem?.message.hasPrefix("procedure.served is cuort") == true, "\(problem?.message ?? "none")")
    #expect(problem?.message.contains("appeal_court, conducting_body, court, police") == true)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("reload refused") && fixture.lines.all.contains("procedure.served"))
    var known = configuration.deployment
    known.procedure = ["served": "police"]
    #expect(throws: Never.self) { try known.checkBodies(named: before) }
    known = asked.deployment
    known.offices["b"] = OfficeConfiguration()
    #expect(throws: Never.self) { try known.checkBodies(named: before) }
  }

  @Test("Those who ask while a reload reads share one more; after the end nothing is read")
  func coalesced() async throws {
    let requests = ReloadRequests()
    let (readings, reading) = AsyncStream.makeStream(of: Void.self)
    let (permits, permit) = AsyncStream.makeStream(of: Void.self)
    await withTaskGroup(of: String?.self) { group in
      group.addTask {
        var count = 0
        await requests.serve {
          count += 1
          reading.yield()
          for await _ in permits { break }
          return .refused([ReloadProblem(place: "", message: "reading \(count)")])
        }
        return nil
      }
      group.addTask { await requests.wait().problems?.first?.message }
      for await _ in readings { break }
      for _ in 0..<5 { group.addTask { await requests.wait().problems?.first?.message } }
      // Nobody of the five is answered by the reading that had begun before.
      while requests.waitingCount < 5 { await Task.yield() }
      permit.yield()
      for await _ in readings { break }
      permit.yield()
      var answers: [String] = []
      while answers.count < 6, let answer = await group.next() { if let answer { answers.append(answer) } }
      #expect(answers.sorted() == ["reading 1"] + [String](repeating: "reading 2", count: 5))
      requests.close()
      reading.finish()
      await group.waitForAll()
    }
    let late = await requests.wait()
    if case .stopping = late {} else { Issue.record("a closed queue answered \(late)") }
  }

  @Test("New roles are in force after a reload, and the server is told")
  func newRoles() async throws {
    let fixture = try Fixture()
    #expect(fixture.roles.current.roles(user: 7, group: 7, supplementary: []) == [])
    fixture.configuration.withLock { value in
      var configuration = DaemonConfiguration()
      configuration.acts = fixture.folder.path
      configuration.roles = ["viewer": RoleHolders(users: ["7"])]
      value = .success(configuration)
    }
    #expect(await fixture.coordinator.reload().problems == nil)
    #expect(fixture.roles.current.roles(user: 7, group: 7, supplementary: []) == ["viewer"])
    #expect(fixture.rightsChanges.withLock { $0 } == 1)
  }
}

extension ReloadOutcome {
  /// Why it was refused; nil where it was not.
  var problems: [ReloadProblem]? {
    guard case .refused(let problems) = self else { return nil }
    return problems
  }
}
