// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RPCServer
internal import ServiceLifecycle
internal import Systemd
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
    let level = LogLevelInForce(configuration.logLevel)
    let logger = makeLogger(configuration, level, environment)
    let notices = ServiceNotices(logger: logger)
    let descriptors = try DescriptorLimit.raised()
    let listeners = try takeListeners(configuration, logger)
    let state = try StateDirectory(configuration.stateDirectory)

    let search = ActSearch.ofThisProgram()
    let folder = if let folder = configuration.acts { folder } else { try search.find() }
    let snapshot: ActSnapshot
    switch ActLoading(folder: folder, defaultAct: configuration.defaultAct).load() {
    case .success(let loaded): snapshot = loaded
    case .failure(let refused): throw refused.error
    }
    snapshot.log(logger, "acts loaded", from: folder)
    try configuration.deployment.checkBodies(named: snapshot)
    let acts = ActsInForce(snapshot)
    let roles = RolesInForce(try RoleTable(configuration, all: knownRoles))
    let health = HealthBoard(services: ContractDescription.services.map(\.name))

    let files = RegisterFiles(state.path, backups: configuration.deployment.backups)
    try files.makeBackupFolder(logger)
    files.warnOfEarlier(logger)
    let register = SQLiteRegister(
      path: files.database, policy: RegisterPolicy(configuration.deployment, acts: snapshot), clock: .system,
      admission: files.admission(state.lock))
    // Before the first call can be answered; later changes are the register service's to tell.
    health.set(failing: register.unavailability != nil, of: RegisterService.services)
    let figures = Figures(register: register)
    let requests = ReloadRequests()
    let server = try makeServer(
      listeners,
      services: [
        ActCatalogue(acts).registration, health.registration, Reflection().registration, administration(requests, logger).registration,
      ] + registerServices(register, acts, roles, configuration, files, figures, environment),
      roles, configuration.limits, descriptors, logger)
    figures.watch(server)
    let coordinator = ReloadCoordinator(
      acts: acts, roles: roles, configuration: read, knownRoles: knownRoles, actSearch: search, rightsChanged: { server.rightsChanged() },
      limitsChanged: { server.replace(limits: $0) }, policyChanged: { register.adopt($0) },
      logger: logger, level: level, requests: requests, notices: notices)
    let service = ServingService(
      server: server, health: health, grace: .seconds(Int64(configuration.drainSeconds)), sockets: listeners.configurations.map(\.name),
      acts: acts, notices: notices, logger: logger)
    // What stops last comes first: the watchdog is told of life until the last call has ended.
    var services: [any Service] = [
      RegisterService(
        register: register, health: health, figures: figures, today: { RegisterAccess.today(under: acts) }, logger: logger), coordinator,
      service,
    ]
    if let watchdog = try makeWatchdog(listeners, register, notices, logger) { services.insert(watchdog, at: 0) }
    try await serve(services, configuration, logger)
    logger.info("stopped", metadata: ["state.directory": "\(state.path)"])
  }

  /// The services that stand on the register.
  private static func registerServices(
    _ register: any CaseRegister, _ acts: ActsInForce, _ roles: RolesInForce, _ configuration: DaemonConfiguration, _ files: RegisterFiles,
    _ figures: Figures, _ environment: [String: String]
  ) throws(DaemonError) -> [ServiceRegistration] {
    let access = RegisterAccess(register: register, acts: acts, directory: ConfiguredDirectory(roles))
    let signer = try AuditKey.signer(configuration.deployment.auditKey, environment: environment)
    return [
      Eligibility(acts, register: access).registration, Cases(access).registration, Decisions(access).registration,
      WorkQueue(access).registration, Aftercare(access).registration, Propagations(access).registration,
      AuditTrail(access, signer: signer).registration, Reports(access).registration,
      Operations(access, backupFolder: files.backups, figures: { figures.text }).registration,
    ]
  }

  /// Every role of the contract.
  static let knownRoles: Set<String> = Set(ContractDescription.roles.keys)

  private static func makeLogger(_ configuration: DaemonConfiguration, _ level: LogLevelInForce, _ environment: [String: String]) -> Logger
  {
    let format = configuration.logFormat
    LoggingSystem.bootstrap { label in
      LevelledLogHandler(format.handler(label: label, level: .trace, environment: environment), inForce: level)
    }
    return Logger(label: "amnestyd")
  }

  private static func takeListeners(_ configuration: DaemonConfiguration, _ logger: Logger) throws(DaemonError) -> Listeners {
    do {
      let (listeners, dropped) = try Listeners.choose(configuration, inherited: InheritedDescriptors.all(), allRoles: knownRoles)
      if !dropped.isEmpty {
        logger.warning(
          "closed descriptors of the service manager that are of no use here",
          metadata: ["descriptors": .array(dropped.map { .string($0) })])
      }
      return listeners
    } catch let error as DaemonError {
      throw error
    } catch {
      throw DaemonError(.system, "\(error)")
    }
  }

  private static func makeWatchdog(
    _ listeners: Listeners, _ register: any CaseRegister, _ notices: ServiceNotices, _ logger: Logger
  ) throws(DaemonError) -> (any Service)? {
    do throws(SystemdError) {
      guard let interval = try WatchdogInterval.current() else { return nil }
      // Not the loops of the server, which may be what is stuck; it ends with the process.
      let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let probes: [any WatchdogProbe] = listeners.paths.map { LoopbackProbe(path: $0, group: loops) } + [RegisterProbe(register: register)]
      return WatchdogService(interval: interval, probes: probes, notices: notices, logger: logger)
    } catch {
      throw DaemonError(.configuration, "\(error); correct WatchdogSec= of the unit")
    }
  }

  private static func administration(_ requests: ReloadRequests, _ logger: Logger) -> Administration {
    Administration { context in
      logger.info(
        "reload asked for",
        metadata: [
          "method": "\(context.method.name)", "call.id": "\(context.callID)", "peer.uid": "\(context.peer.uid)",
          "peer.pid": "\(context.peer.pid)",
        ])
      return await requests.wait()
    }
  }

  private static func makeServer(
    _ listeners: Listeners, services: [ServiceRegistration], _ roles: RolesInForce, _ limits: ServerLimits,
    _ descriptors: DescriptorLimit, _ logger: Logger
  ) throws(DaemonError) -> RPCServer {
    var server = ServerConfiguration(listeners: listeners.configurations)
    server.limits = limits
    server.sockets = descriptors.sockets
    server.agent = "amnestyd/\(DaemonVersion.number)"
    do throws(ServerError) {
      return try RPCServer(server, services: services, authorizer: ConfiguredAuthorizer(roles), logger: logger)
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
