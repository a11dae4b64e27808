// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Foundation

/// Which daemon a command asks.
package struct ConnectionOptions: ParsableArguments {
  /// Where the daemon listens if nobody says otherwise; the daemon's own default.
  package static let defaultSocket = "/run/amnestyd/amnestyd.sock"

  /// Where it listens for those who run it.
  package static let defaultAdminSocket = "/run/amnestyd/admin.sock"

  @Option(help: ArgumentHelp("The daemon's socket. Default: $AMNESTY_SOCKET, else \(defaultSocket).", valueName: "path"))
  package var socket: String?

  @Option(help: ArgumentHelp("Give up after so many seconds; 30 for one call if not said, never for a stream.", valueName: "seconds"))
  package var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "The clerk on whose behalf to ask; needs the delegate role. Default: $AMNESTY_ACTOR, but for what is the administrator's.",
      valueName: "name"))
  package var actor: String?

  package init() {}

  package mutating func validate() throws {
    if let timeout, !(timeout > 0 && timeout <= 86_400) { throw ValidationError(Text.optionTimeout(.ofUser())) }
    if let actor, !(1...128).contains(actor.unicodeScalars.count) {
      throw ValidationError(Text.optionLength(.ofUser(), option: "--actor", lowest: "1", highest: "128"))
    }
  }

  /// The socket that holds: of the command, of what stands before it, of the environment, else the default.
  package func path(
    outer: ConnectionOptions?, environment: [String: String], otherwise standard: String = ConnectionOptions.defaultSocket
  ) -> String {
    let named = [self.socket, outer?.socket, environment["AMNESTY_SOCKET"]].lazy.compactMap { $0 }.first { !$0.isEmpty }
    return named ?? standard
  }

  package func callOptions(outer: ConnectionOptions?, environment: [String: String]) -> CallOptions {
    let timeout = self.timeout ?? outer?.timeout
    let usual = environment["AMNESTY_ACTOR"].flatMap { $0.isEmpty ? nil : $0 }
    return CallOptions(timeout: timeout.map { .seconds($0) }, actor: self.actor ?? outer?.actor ?? usual)
  }
}

/// A command that asks the daemon.
package protocol ClientCommand: AsyncParsableCommand {
  var root: AmnestyControl { get }
  var connection: ConnectionOptions { get }
  /// The socket that is asked where nobody names one.
  static var standardSocket: String { get }
  /// The work of the command, on a connection.
  func run(_ client: AmnestyClient, options: CallOptions) async throws
}

extension ClientCommand {
  package static var standardSocket: String { ConnectionOptions.defaultSocket }

  package mutating func run() async throws { try await self.runConnected() }

  /// Connects and does the work of the command.
  package func runConnected() async throws {
    let command = self
    let outer = command.root.connection
    let environment = ProcessInfo.processInfo.environment
    let path = command.connection.path(outer: outer, environment: environment, otherwise: Self.standardSocket)
    // No clerk administers: who does both need not unset the variable.
    let isAdministration = Self.standardSocket == ConnectionOptions.defaultAdminSocket
    let options = command.connection.callOptions(outer: outer, environment: isAdministration ? [:] : environment)
    let configuration = AmnestyClient.Configuration(agent: "amnestyctl")
    try await AmnestyClient.withConnection(to: .unix(path: path), configuration: configuration) { client in
      try await command.run(client, options: options)
    }
  }
}
