// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser
internal import Glibc
internal import Logging

/// The command line of the daemon.
package struct AmnestydCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "amnestyd",
    abstract: "Administers an amnesty act: assesses cases over a Unix socket.",
    discussion: """
      An option beats the environment (AMNESTY_SOCKET, a list separated by colons, AMNESTY_STATE_DIRECTORY, AMNESTY_ACTS,
      AMNESTY_DEFAULT_ACT, AMNESTY_CONFIG, AMNESTY_LOG_LEVEL, AMNESTY_LOG_FORMAT, AMNESTY_DRAIN_SECONDS), which beats the
      configuration file, which beats the defaults.

      Under systemd the sockets of amnestyd.socket and amnestyd-admin.socket are taken over where no socket is named.

      SIGHUP reads the configuration file and the acts again: a bad one is refused and logged with its place, and what is in
      force stays. SIGTERM and SIGINT end calls in good order. Exit codes are those of sysexits(3).
      """,
    version: DaemonVersion.text)

  @Option(name: .customLong("socket"), help: ArgumentHelp("Listen on this Unix socket; give it again for more.", valueName: "path"))
  package var sockets: [String] = []

  @Option(help: ArgumentHelp("Folder for the daemon's state; made if missing.", valueName: "dir"))
  package var stateDirectory: String?

  @Option(
    help: ArgumentHelp(
      "Folder of act files.", discussion: "If not given: share/amnestyd/acts beside the program, or the source tree's acts.",
      valueName: "dir"))
  package var acts: String?

  @Option(help: ArgumentHelp("Act to use where a request names none.", valueName: "id"))
  package var defaultAct: String?

  @Option(help: ArgumentHelp("Configuration file, YAML.", valueName: "file"))
  package var config: String?

  @Option(help: ArgumentHelp("Least important message to log: trace, debug, info, notice, warning, error or critical.", valueName: "level"))
  package var logLevel: String?

  @Option(
    help: ArgumentHelp(
      "auto (the journal under systemd, for a person on a terminal, JSON otherwise), journal, json or human.", valueName: "format"))
  package var logFormat: String?

  @Option(help: ArgumentHelp("Time that calls are given to end in when the daemon stops.", valueName: "seconds"))
  package var drainSeconds: String?

  package init() {}

  /// The whole program: reads the command line, runs, and leaves with its exit code.
  package static func start() async { await main() }

  package func run() async throws {
    do {
      try await Daemon.run(self)
    } catch let error as DaemonError {
      ServiceNotices(logger: Logger(label: "amnestyd")).failed(error)
      LineWriter().write("amnestyd: \(error)\n")
      throw ExitCode(error.kind.exitCode)
    }
  }
}
