// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RPCServer
internal import ServiceLifecycle
internal import Synchronization
internal import Systemd
internal import Testing

@testable internal import AmnestyDaemon

@Suite("Watchdog") struct WatchdogTests {
  private let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }

  private struct Stuck: WatchdogProbe {
    let name = "store"
    func probe() async {
      let (never, _) = AsyncStream.makeStream(of: Void.self)
      for await _ in never {}
    }
  }

  private final class Told: Sendable {
    let notifications = Mutex<[Systemd.Notification]>([])
    func notices(_ logger: Logger) -> ServiceNotices {
      ServiceNotices(logger: logger) { (notification) throws(SystemdError) in self.notifications.withLock { $0.append(notification) } }
    }
  }

  @Test("Ten seconds of patience, and never more than half of what the manager waits")
  func patience() {
    #expect(WatchdogService.patience(.seconds(20)) == .seconds(10))
    #expect(WatchdogService.patience(.seconds(60)) == .seconds(10))
    #expect(WatchdogService.patience(.seconds(4)) == .seconds(2))
  }

  @Test("A probe that does not come back ends the pings, and is named in the log", .timeLimit(.minutes(1)))
  func wedged() async throws {
    let lines = ReloadTests.LineStore()
    let logger = Logger(label: "t") { label in JSONLogHandler(label: label, level: .trace) { lines.add($0) } }
    let told = Told()
    let time = Mutex(Duration.zero)
    let (rests, rest) = AsyncStream.makeStream(of: Void.self)
    let (ticks, tick) = AsyncStream.makeStream(of: Void.self)
    let clock = WatchdogClock(
      now: { time.withLock { $0 } },
      sleep: { _ in
        rest.yield()
        for await _ in ticks { break }
      })
    let service = WatchdogService(
      interval: .seconds(20), probes: [Stuck()], notices: told.notices(logger), logger: logger, clock: clock)
    /// Pings so far, once the service rests.
    func pings() async -> Int {
      for await _ in rests { break }
      return told.notifications.withLock { $0.count }
    }
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.run() }
      #expect(await pings() == 1)
      for (seconds, expected) in [(5, 2), (10, 3), (11, 3), (15, 3)] {
        time.withLock { $0 = .seconds(seconds) }
        tick.yield()
        #expect(await pings() == expected, "after \(seconds) s")
      }
      group.cancelAll()
    }
    #expect(lines.all.split(separator: "\n").count { $0.contains("no progress") && $0.contains("store") } == 1)
  }

  @Test("The loop-back comes back from a server that answers, and also from one that refuses", .timeLimit(.minutes(1)))
  func loopback() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.sock"
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    for connections in [10, 0] {
      var configuration = ServerConfiguration(listeners: [ListenerConfiguration(.path(path))])
      configuration.limits.connections = connections
      let health = HealthBoard(services: [])
      let server = try RPCServer(
        configuration, services: [health.registration], authorizer: OwnerAuthorizer(owner: geteuid(), roles: []), logger: logger)
      let (listening, started) = AsyncStream.makeStream(of: Void.self)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run { started.yield() } }
        for await _ in listening { break }
        await LoopbackProbe(path: path, group: loops).probe()
        server.beginDrain(grace: .zero)
        try await group.waitForAll()
      }
      #expect(server.metrics.snapshot().map(\.calls) == (connections > 0 ? [1] : []))
    }
    try await loops.shutdownGracefully()
  }

  @Test("A path that leads nowhere is not the daemon's fault", .timeLimit(.minutes(1)))
  func nowhere() async throws {
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    await LoopbackProbe(path: "/nonexistent/a.sock", group: loops).probe()
    try await loops.shutdownGracefully()
  }
}
