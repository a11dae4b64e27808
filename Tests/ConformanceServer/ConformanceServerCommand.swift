// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ArgumentParser
internal import ConformanceSupport
internal import UnixSignals

@main
struct ConformanceServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance-server",
    abstract: "Serves the services of the daemon and the control service, for the vectors of protocol/vectors, until SIGTERM.")

  @Option(help: ArgumentHelp("Listen on this Unix socket; who started the server holds every role there.", valueName: "path"))
  var socket: String

  @Option(help: ArgumentHelp("Listen on this Unix socket as well; nobody holds a role there.", valueName: "path"))
  var restrictedSocket: String

  @Option(help: ArgumentHelp("Keep the register of cases in this file; made if missing.", valueName: "file"))
  var register: String

  @Option(help: ArgumentHelp("Folder of act files.", valueName: "dir"))
  var acts: String

  func run() async throws {
    let acts = try ConformanceServer.acts(in: self.acts)
    let places = ConformanceServer.Places(socket: self.socket, restrictedSocket: self.restrictedSocket, register: self.register)
    // Trapped before anybody can connect, and so send it.
    let signals = await UnixSignalsSequence(trapping: .sigterm)
    try await ConformanceServer.run(at: places, acts: acts) { server in
      for await _ in signals { return server.drain() }
    }
  }
}
