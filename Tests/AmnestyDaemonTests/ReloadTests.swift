// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyServices
internal import Foundation
internal import Logging
internal import Synchronization
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
        rightsChanged: { self.rightsChanges.withLock { $0 += 1 } }, logger: logger)
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
    #expect(await fixture.coordinator.reload())
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
    #expect(await fixture.coordinator.reload() == false)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("kz-2022-152-vii.yaml:1:1:"))
    #expect(fixture.rightsChanges.withLock { $0 } == 0)
  }

  @Test("An act that fails its own examples is refused")
  func failingExample() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    let file = fixture.folder.path + "/kz-2022-152-vii.examples.csv"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try fixture.folder.write("kz-2022-152-vii.examples.csv", text.replacingOccurrences(of: "ineligible", with: "eligible"))
    #expect(await fixture.coordinator.reload() == false)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("kz-2022-152-vii.examples.csv:"))
  }

  @Test("A bad configuration is refused whole: the acts beside it are not taken either")
  func badConfiguration() async throws {
    let fixture = try Fixture()
    let before = fixture.acts.current
    try edit(fixture) { $0.replacingOccurrences(of: "version: 1.0.0", with: "version: 1.0.1") }
    fixture.configuration.withLock { $0 = .failure(DaemonError(.configuration, "x.yaml:1:1: unknown key y")) }
    #expect(await fixture.coordinator.reload() == false)
    #expect(fixture.acts.current === before)
    #expect(fixture.lines.all.contains("x.yaml:1:1"))
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
    #expect(await fixture.coordinator.reload())
    #expect(fixture.roles.current.roles(user: 7, group: 7, supplementary: []) == ["viewer"])
    #expect(fixture.rightsChanges.withLock { $0 } == 1)
  }
}
