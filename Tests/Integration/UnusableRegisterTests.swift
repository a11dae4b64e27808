// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Testing

/// A register that cannot be used never prevents the start: health says so from the first answer, and everything else works.
@Suite(.serialized) struct UnusableRegisterTests {
  private static let cases = "amnesty.v1.CaseService"
  static let canMount: Bool = geteuid() == 0 && (try? run("/usr/bin/unshare", ["-m", "true"]).status == 0) ?? false

  private func expectUnusable(_ daemon: RunningDaemon, _ cause: String) throws {
    let health = try daemon.control("health", Self.cases)
    #expect(health.status == 69 && health.output.contains("NOT_SERVING"), "\(health.output)\(health.errors)")
    for service in ["", "amnesty.v1.EligibilityService"] {
      #expect(try daemon.control("call", "grpc.health.v1.Health/Check", #"{"service":"\#(service)"}"#).output.contains(#""SERVING""#))
    }
    let refused = try daemon.control("case", "show", "SYN-1")
    #expect(refused.status == 69 && refused.errors.contains("REGISTER_UNAVAILABLE") && refused.errors.contains(cause), "\(refused.errors)")
    let assessed = try daemon.control("assess", "-", input: RegisterJourneyTests.record("SYN-1"))
    #expect(assessed.status == 0, "\(assessed.errors)")
  }

  @Test func garbageInItsPlace() throws {
    let daemon = try RunningDaemon { try Data(repeating: 0x78, count: 8192).write(to: $0.appending(path: "register.sqlite")) }
    try expectUnusable(daemon, "not_a_database")
  }

  @Test func aFolderInItsPlace() throws {
    let daemon = try RunningDaemon {
      try FileManager.default.createDirectory(at: $0.appending(path: "register.sqlite"), withIntermediateDirectories: false)
    }
    try expectUnusable(daemon, "cannot_open")
  }

  @Test(.enabled(if: canMount)) func aStateDirectoryThatIsMountedReadOnly() throws {
    let daemon = try RunningDaemon(isStateReadOnly: true) { _ in }
    try expectUnusable(daemon, "read_only")
    #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.state.path).isEmpty)
    // Once it can be written the register is opened, under the lock.
    let remounted = try run(
      "/usr/bin/nsenter", ["-t", "\(daemon.identifier)", "-m", "mount", "-o", "remount,bind,rw", daemon.state.path])
    #expect(remounted.status == 0, "\(remounted.errors)")
    try daemon.waitFor("register serves again")
    #expect(try daemon.control("health", Self.cases).status == 0)
    let second = try run(
      "amnestyd", ["--socket", daemon.folder.appending(path: "b.sock").path, "--state-directory", daemon.state.path])
    #expect(second.status == 75 && second.errors.contains("process \(daemon.identifier)"), "\(second.errors)")
  }

  /// Its register is whole, and yet nobody who has no lock may write to it.
  @Test(.enabled(if: canMount)) func aRegisterThatIsMountedReadOnly() throws {
    let daemon = try RunningDaemon()
    daemon.signal(SIGTERM)
    #expect(daemon.waitForExit() == 0)
    let register = try Data(contentsOf: daemon.state.appending(path: "register.sqlite"))
    let second = try RunningDaemon(isStateReadOnly: true) { try register.write(to: $0.appending(path: "register.sqlite")) }
    try expectUnusable(second, "read_only")
  }

  @Test func anEmptyRegisterBesideTracesOfAnotherIsSaid() throws {
    let daemon = try RunningDaemon { try Data([1]).write(to: $0.appending(path: "register.sqlite.before-v2")) }
    #expect(try daemon.control("health", Self.cases).status == 0)
    daemon.signal(SIGTERM)
    #expect(daemon.waitForExit() == 0)
    #expect(daemon.allSaid.contains("begins empty beside traces of an earlier one") && daemon.allSaid.contains("register.sqlite.before-v2"))
  }
}
