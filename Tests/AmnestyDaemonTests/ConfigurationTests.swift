// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyDaemon
internal import ArgumentParser
internal import Foundation
internal import Logging
internal import NIOCore
internal import RPCServer
internal import Testing

@Suite("Configuration") struct ConfigurationTests {
  private func read(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
  ) async throws -> DaemonConfiguration {
    let folder = try TemporaryFolder()
    var arguments = arguments
    if let file { arguments += ["--config", try folder.write("amnestyd.yaml", file)] }
    return try await DaemonConfiguration.read(
      try AmnestydCommand.parse(arguments), environment: environment, roles: ["delegate", "viewer"])
  }

  @Test("Nothing said: the defaults")
  func defaults() async throws {
    #expect(try await read() == DaemonConfiguration())
  }

  @Test("An option beats the environment, which beats the file, which beats the default")
  func precedence() async throws {
    let file = "stateDirectory: /file\nlogLevel: debug\nsocket: [/file/a, /file/b]\n"
    let environment = ["AMNESTY_STATE_DIRECTORY": "/environment", "AMNESTY_SOCKET": "/environment/a:/environment/b"]
    #expect(try await read(file: file).stateDirectory == "/file")
    #expect(try await read(file: file).sockets == ["/file/a", "/file/b"])
    #expect(try await read(environment: environment, file: file).stateDirectory == "/environment")
    #expect(try await read(environment: environment, file: file).sockets == ["/environment/a", "/environment/b"])
    #expect(try await read(environment: environment, file: file).logLevel == .debug)
    let all = try await read(
      ["--state-directory", "/option", "--socket", "a", "--socket", "b"], environment: environment, file: file)
    #expect(all.stateDirectory == "/option")
    #expect(all.sockets == ["a", "b"])
    #expect(all.drainSeconds == 30)
  }

  @Test("The file may be named by the environment")
  func fileFromEnvironment() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x.yaml", "drainSeconds: 7\ndefaultAct: some-act\n")
    let configuration = try await read(environment: ["AMNESTY_CONFIG": path])
    #expect(configuration.drainSeconds == 7)
    #expect(configuration.defaultAct == "some-act")
  }

  @Test("Roles are read for users, groups and actors")
  func roles() async throws {
    let file = "roles:\n  viewer:\n    users: [root, 1000]\n    groups: [adm]\n  delegate:\n    actors: ['root:clerk-1']\n"
    let roles = try await read(file: file).roles
    #expect(roles?["viewer"] == RoleHolders(users: ["root", "1000"], groups: ["adm"]))
    #expect(roles?["delegate"] == RoleHolders(actors: ["root:clerk-1"]))
    #expect(try await read().roles == nil)
  }

  @Test("What a deployment says of its offices, people, deadlines and help")
  func deployment() async throws {
    let file = """
      offices:
        almaty-court: {body: court, roles: {viewer: {actors: ['root:judge-1']}}}
        police-records: {}
      persons: {judge-1: ['root:judge-1', 'root:clerk-9']}
      procedure: {served: court}
      deadlines: {decide: 30, assignment: 0}
      aftercare: {housing: {responsible: akimat, days: 14}}
      subscribers: [police-records]
      auditKey: /run/key
      backups: /backups
      limits: {slowCallMs: 250}
      """
    let configuration = try await read(file: file)
    let deployment = configuration.deployment
    #expect(
      deployment.offices == [
        "almaty-court": OfficeConfiguration(body: "court", roles: ["viewer": RoleHolders(actors: ["root:judge-1"])]),
        "police-records": OfficeConfiguration(),
      ])
    #expect(deployment.persons == ["judge-1": ["root:judge-1", "root:clerk-9"]])
    #expect(deployment.procedure == ["served": "court"] && deployment.deadlines == ["decide": 30, "assignment": 0])
    #expect(deployment.aftercare == ["housing": NeedConfiguration(responsible: "akimat", days: 14)])
    #expect(deployment.subscribers == ["police-records"] && deployment.auditKey == "/run/key" && deployment.backups == "/backups")
    #expect(configuration.limits.slowCall == .milliseconds(250))
  }

  @Test(
    "A wrong file is refused with the place",
    arguments: [
      ("sokket: [a]\n", ":1:1: unknown key sokket"),
      ("logLevel: info\nroles:\n  viewer:\n    user: [a]\n", ":4:5: unknown key roles.viewer.user"),
      ("roles:\n  emperor: {users: [a]}\n", ":2:3: unknown key roles.emperor"), ("socket: a\n", ":1:9: socket takes a list"),
      ("stateDirectory: [a]\n", ":1:17: stateDirectory takes one value"), ("- a\n", ":1:1: is no mapping"), ("a: [\n", "amnestyd.yaml"),
      ("logLevel: loud\n", "logLevel is loud; give one of trace"), ("drainSeconds: soon\n", "drainSeconds is soon"),
      ("drainSeconds: 3601\n", "0 to 3600"),
      ("limits: {calls: 0}\n", "limits.calls is 0; give a whole number from 1 to 65536"),
      ("limits: {maxFrame: 16777216}\n", "65536 to 16777215"), ("limits: {maxframe: 1}\n", ":1:10: unknown key limits.maxframe"),
      ("offices: {Almaty: {}}\n", "offices.Almaty is no name of an office"),
      ("offices: {a: {bodies: court}}\n", ":1:15: unknown key offices.a.bodies"),
      ("procedure: {prison: court}\n", ":1:13: unknown key procedure.prison"),
      ("deadlines: {act_window: 9}\n", ":1:13: unknown key deadlines.act_window"),
      ("deadlines: {decide: soon}\n", "deadlines.decide is soon; give a number of days from 0 to 3660"),
      ("aftercare: {housing: {days: 3}}\n", "aftercare.housing needs both responsible and days"),
      ("subscribers: [nobody]\n", "subscribers names nobody, which is no office; add it under offices:"),
      ("limits: {slowCallMs: 0}\n", "limits.slowCallMs is 0"),
      ("socket: []\n", "socket names no path"), ("logFormat: xml\n", "auto, journal, json, human"),
    ])
  func refused(file: String, message: String) async throws {
    let error = try await #require(throws: DaemonError.self) { try await read(file: file) }
    #expect(error.kind == .configuration)
    #expect(error.description.contains(message), "\(error)")
  }

  @Test("A limit is set under the name by which hello tells it")
  func limits() async throws {
    let limits = try await read(file: "limits:\n  connections: 9\n  connectionsPerUser: 8\n  unaryTimeoutMs: 1500\n").limits
    #expect(limits.connections == 9 && limits.connectionsPerUser == 8 && limits.unaryTimeout == .milliseconds(1500))
    #expect(limits.callsPerConnection == 128)
  }

  @Test("An empty file says nothing, a missing one is an error")
  func emptyAndMissing() async throws {
    #expect(try await read(file: "") == DaemonConfiguration())
    #expect(try await read(file: "# nothing\n") == DaemonConfiguration())
    let error = try await #require(throws: DaemonError.self) { try await read(["--config", "/nonexistent/amnestyd.yaml"]) }
    #expect(error.kind == .noInput)
    #expect(error.kind.exitCode == 66)
  }
}

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/amnestyd-tests.XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}
