// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Systemd
internal import Testing

/// What a process is given by its environment and in its descriptors; the shell stands for the manager.
@Suite("What the manager hands over") struct ProcessTests {
  /// Two listening sockets and a file, as descriptors 3 to 5.
  private func listen(names: String, environment: String = "LISTEN_PID=$$") throws -> Ended {
    let folder = try TemporaryFolder()
    let python = """
      os, socket = __import__("os"), __import__("socket")
      made = []
      for name in ("a", "b"):
          made.append(socket.socket(socket.AF_UNIX)); made[-1].bind("\(folder.path)/" + name); made[-1].listen()
      made.append(open("/dev/null"))
      saved = [os.dup(each.fileno()) for each in made]
      saved = [__import__("fcntl").fcntl(each, 0, 20) for each in saved]
      for place, each in enumerate(saved): os.dup2(each, 3 + place, inheritable=True)
      os.execv("/bin/sh", ["sh", "-c", "\(environment) LISTEN_FDS=3 LISTEN_FDNAMES=\(names) exec \(Probe.path) listen"])
      """
    return try run("python3", ["-c", python])
  }

  @Test("Descriptors are told by name, and what is no socket is told apart")
  func names() throws {
    let ended = try listen(names: "amnestyd-admin.socket:amnestyd.socket:state")
    #expect(ended.output == "amnestyd-admin.socket 3 listening\namnestyd.socket 4 listening\nstate 5 other\n", "\(ended.errors)")
  }

  @Test("What is meant for another process is not taken")
  func otherProcess() throws { #expect(try listen(names: "a:b:c", environment: "LISTEN_PID=1").output == "") }

  @Test("A count that makes no sense is an error, not a crash")
  func nonsense() throws {
    let ended = try run("sh", ["-c", "LISTEN_PID=$$ LISTEN_FDS=-3 exec \(Probe.path) listen"])
    #expect(ended.output.hasPrefix("error: cannot take the descriptors handed over"))
  }

  @Test("The watchdog's interval is told where this process is meant")
  func watchdog() throws {
    func interval(_ variables: String) throws -> String { try run("sh", ["-c", "\(variables) exec \(Probe.path) watchdog"]).output }
    #expect(try interval("WATCHDOG_USEC=20000000 WATCHDOG_PID=$$") == "20.0 seconds\n")
    #expect(try interval("WATCHDOG_USEC=20000000") == "20.0 seconds\n")
    #expect(try interval("WATCHDOG_USEC=20000000 WATCHDOG_PID=1") == "none\n")
    #expect(try interval("") == "none\n")
    #expect(try interval("WATCHDOG_USEC=soon").hasPrefix("error: "))
  }

  @Test("Credentials are read by name from their folder, and from nowhere else")
  func credentials() throws {
    let folder = try TemporaryFolder()
    try Data("secret".utf8).write(to: URL(filePath: folder.path + "/audit.key"))
    let credentials = try #require(Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.path]))
    #expect(try credentials.read("audit.key") == Array("secret".utf8))
    #expect(try credentials.read("other") == nil)
    for name in ["", ".", "..", "../x", "a/b"] { #expect(throws: SystemdError.self) { try credentials.read(name) } }
    #expect(Credentials(environment: [:]) == nil)
    #expect(Credentials(environment: ["CREDENTIALS_DIRECTORY": "relative"]) == nil)
  }

  @Test("The boot is named, and the run of the service where there is one")
  func identity() throws {
    let id = String(repeating: "0123456789abcdef", count: 2)
    #expect(try run(Probe.path, ["identity"]).output.wholeMatch(of: /[0-9a-f]{32} none\n/) != nil)
    #expect(try run(Probe.path, ["identity"], environment: ["INVOCATION_ID": id]).output.hasSuffix(" \(id)\n"))
  }
}
