// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import RPCServer
internal import ServiceLifecycle
internal import UnixSignals

/// The composition root: the only place that knows every part.
enum Daemon {
  /// Runs the daemon of a command line until it is told to stop.
  static func run(_ command: AmnestydCommand) async throws {
    let environment = ProcessInfo.processInfo.environment
    let read: @Sendable () async throws(DaemonError) -> DaemonConfiguration = { () async throws(DaemonError) in
      try await DaemonConfiguration.read(command, environment: environment, roles: knownRoles.sorted())
    }
    let configuration = try await read()
    let logger = makeLogger(configuration)
    let state = try StateDirectory(configuration.stateDirectory)

    let search = ActSearch.ofThisProgram()
    let folder = if let folder = configuration.acts { folder } else { try search.find() }
    let snapshot: ActSnapshot
    switch ActLoading(folder: folder, defaultAct: configuration.defaultAct).load() {
    case .success(let loaded): snapshot = loaded
    case .failure(let refused): throw refused.error
    }
    snapshot.log(logger, "acts loaded", from: folder)
    let acts = ActsInForce(snapshot)
    let roles = RolesInForce(try RoleTable(configuration.roles, all: knownRoles))
    let health = HealthBoard(services: ContractDescription.services.map(\.name))

    let server = try makeServer(configuration, acts, roles, health, logger)
    let coordinator = ReloadCoordinator(
      acts: acts, roles: roles, configuration: read, knownRoles: knownRoles, actSearch: search, rightsChanged: { server.rightsChanged() },
      logger: logger)
    let service = ServingService(
      server: server, health: health, grace: .seconds(Int64(configuration.drainSeconds)), sockets: configuration.sockets, logger: logger)
    try await serve([coordinator, service], configuration, logger)
    logger.info("stopped", metadata: ["state.directory": "\(state.path)"])
  }

  /// Every role that a method asks for, and the one to speak for others.
  static let knownRoles: Set<String> = Set(
    ContractDescription.services.flatMap(\.methods).compactMap { ContractDescription.method($0)?.role } + ["delegate"])

  private static func makeLogger(_ configuration: DaemonConfiguration) -> Logger {
    let (level, format) = (configuration.logLevel, configuration.logFormat)
    LoggingSystem.bootstrap { format.handler(label: $0, level: level) }
    return Logger(label: "amnestyd")
  }

  private static func makeServer(
    _ configuration: DaemonConfiguration, _ acts: ActsInForce, _ roles: RolesInForce, _ health: HealthBoard, _ logger: Logger
  ) throws(DaemonError) -> RPCServer {
    var server = ServerConfiguration(listeners: configuration.sockets.map { ListenerConfiguration(.path($0)) })
    server.agent = "amnestyd/\(DaemonVersion.number)"
    do throws(ServerError) {
      return try RPCServer(
        server,
        services: [
          Eligibility(acts).registration, ActCatalogue(acts).registration, health.registration, Reflection().registration,
        ], authorizer: ConfiguredAuthorizer(roles), logger: logger)
    } catch {
      throw DaemonError(error)
    }
  }

  private static func serve(_ services: [any Service], _ configuration: DaemonConfiguration, _ logger: Logger) async throws {
    var group = ServiceGroupConfiguration(
      services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // A backstop: the server ends what is left by itself after the grace.
    group.maximumGracefulShutdownDuration = .seconds(configuration.drainSeconds + 5)
    do {
      try await ServiceGroup(configuration: group).run()
    } catch let error as ServerError {
      throw DaemonError(error)
    }
  }
}

extension DaemonError {
  init(_ error: ServerError) {
    let kind: Kind =
      switch error.code {
      case .pathTooLong, .noListener: .usage
      case .addressInUse: .temporary
      case .cannotBind: .cannotCreate
      default: .system
      }
    self.init(kind, error.message)
  }
}
