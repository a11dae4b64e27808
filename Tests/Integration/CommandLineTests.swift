// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Testing

/// The real command line tool as scripts and terminals meet it.
@Suite(.serialized) struct CommandLineTests {
  /// What a shell makes of a line in which `$CTL` is the tool.
  private func shell(_ line: String, _ environment: [String: String] = [:]) throws -> Finished {
    try run("/bin/bash", ["-c", line], environment: environment.merging(["CTL": Checkout.program("amnestyctl").path]) { $1 })
  }

  /// The same on a terminal, as far as programs can tell; what goes to it is the output.
  private func terminal(_ line: String, _ environment: [String: String] = [:]) throws -> String {
    let plain = ["TERM": "xterm-256color", "CTL": Checkout.program("amnestyctl").path]
    return try run("/usr/bin/script", ["-qec", line, "/dev/null"], environment: plain.merging(environment) { $1 }).output
  }

  @Test(
    "A reader that has seen enough ends the writer in silence",
    arguments: [
      "sample --people 20000", "assess register", "assess --output ndjson register", "assess --output json register", "describe", "--help",
      "act show kz-2022-152-vii",
    ])
  func pipes(command: String) throws {
    let daemon = try RunningDaemon()
    let register = daemon.folder.appending(path: "register").path
    #expect(try shell("$CTL sample --people 1000 > \(register)").status == 0)
    let command = command.replacingOccurrences(of: "register", with: register)
    let piped = try shell("$CTL \(command) | head -c 20; echo; echo ${PIPESTATUS[0]}", ["AMNESTY_SOCKET": daemon.socket])
    #expect(piped.output.hasSuffix("\n0\n"))
    #expect(piped.errors.isEmpty)
  }

  @Test("Colour is for terminals that want it")
  func colour() throws {
    let daemon = try RunningDaemon()
    let socket = ["AMNESTY_SOCKET": daemon.socket]
    // A test run may itself be told to do without.
    let health = "env -u NO_COLOR $CTL health"
    #expect(try terminal(health, socket).contains("\u{1B}[32mSERVING"))
    #expect(try terminal("NO_COLOR=1 $CTL health", socket).contains("\u{1B}") == false)
    #expect(try terminal("NO_COLOR= $CTL health", socket).contains("\u{1B}"))
    #expect(try terminal(health, socket.merging(["TERM": "dumb"]) { $1 }).contains("\u{1B}") == false)
    #expect(try shell(health, socket).output == "SERVING\n")
  }

  @Test("A long job shows how far it is, on a terminal alone, and leaves a clean line")
  func progress() throws {
    let daemon = try RunningDaemon()
    let socket = ["AMNESTY_SOCKET": daemon.socket]
    let register = daemon.folder.appending(path: "register").path
    #expect(try shell("$CTL sample --people 4000 > \(register)").status == 0)
    let shown = try terminal("$CTL assess --output ndjson \(register) > /dev/null", socket)
    #expect(shown.contains("% "))
    #expect(shown.contains(" left"))
    #expect(shown.hasSuffix("\r\u{1B}[K"))
    #expect(try shell("$CTL assess --output ndjson \(register) > /dev/null", socket).errors.isEmpty)
  }

  struct Failure: Sendable {
    var line: String
    var status: Int32
    /// What the error says: the place, and what to do next.
    var says: [String]
  }

  @Test(
    "Exit codes are those of sysexits(3), and every error says what to do next",
    arguments: [
      Failure(line: "$CTL health --nonsense", status: 64, says: ["--nonsense", "Usage:"]),
      Failure(line: "$CTL assess - --output xml < /dev/null", status: 64, says: ["xml", "'table', 'json', 'ndjson' or 'csv'"]),
      Failure(line: "$CTL assess - --as-of 2022-02-30 < /dev/null", status: 64, says: ["2022-02-30", "--as-of <YYYY-MM-DD>"]),
      Failure(line: "$CTL estimate - --as-of tomorrow < /dev/null", status: 64, says: ["tomorrow", "--as-of <YYYY-MM-DD>"]),
      Failure(line: "$CTL call no.such/Method", status: 64, says: ["no.such/Method", "ListServices"]),
      Failure(line: "$CTL call grpc.health.v1.Health/Check '{bad'", status: 65, says: ["byte 1", "Send one JSON value"]),
      Failure(line: "echo '{}' | $CTL assess -", status: 65, says: ["1 of 1", "correct what stands beside each"]),
      Failure(line: "$CTL assess /nonexistent", status: 66, says: ["/nonexistent", "Name a file that can be read"]),
      Failure(line: "$CTL assess /tmp", status: 66, says: ["/tmp: is a folder", "Name a file that can be read"]),
      Failure(line: "$CTL act show nope", status: 66, says: ["nope", "Ask for one of"]),
      Failure(line: "$CTL act compare kz-2022-152-vii nope", status: 66, says: ["nope", "Ask for one of"]),
      Failure(line: "$CTL health --socket /nonexistent/a.sock", status: 69, says: ["/nonexistent/a.sock", "Start the daemon"]),
      Failure(line: "$CTL sample --people 5000 > /dev/full", status: 74, says: ["cannot write the register", "write elsewhere"]),
      Failure(line: "$CTL describe > /dev/full", status: 74, says: ["cannot write the answer", "write elsewhere"]),
    ])
  func exitCodes(failure: Failure) throws {
    let daemon = try RunningDaemon()
    let told = try shell(failure.line, ["AMNESTY_SOCKET": daemon.socket])
    #expect(told.status == failure.status)
    for words in failure.says { #expect(told.errors.contains(words), "\(told.errors)") }
  }

  @Test("The three forms of an answer: for people, one JSON text, one a line")
  func forms() throws {
    let daemon = try RunningDaemon()
    func assess(_ form: String) throws -> String {
      let told = try shell("$CTL sample --people 2 | $CTL assess --output \(form) -", ["AMNESTY_SOCKET": daemon.socket])
      #expect(told.status == 0)
      return told.output
    }
    #expect(try assess("table").split(separator: "\n").first?.hasPrefix("reference") == true)
    #expect((try JSONSerialization.jsonObject(with: Data(assess("json").utf8)) as? [[String: Any]])?.count == 2)
    let lines = try assess("ndjson").split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines { #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any]) }
  }

  @Test("Completions for three shells; bash takes its own", arguments: ["bash", "zsh", "fish"])
  func completions(shell name: String) throws {
    let script = try shell("$CTL --generate-completion-script \(name)")
    #expect(script.status == 0)
    for word in ["assess", "explain", "act", "sample"] { #expect(script.output.contains(word)) }
    if name == "bash" { #expect(try shell("$CTL --generate-completion-script bash | bash -n").status == 0) }
  }
}
