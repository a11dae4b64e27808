// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import Logging
internal import NIOCore
internal import RPCServer
internal import ServiceLifecycle

/// The server with its health, as the service group runs it.
struct ServingService: Service {
  let server: RPCServer
  let health: HealthBoard
  let grace: TimeAmount
  let sockets: [String]
  let acts: ActsInForce
  let notices: ServiceNotices
  let logger: Logger

  func run() async throws {
    try await withGracefulShutdownHandler {
      // Before the first peer is met: those who waited in the sockets of the service manager ask at once.
      health.set(.serving)
      try await server.run {
        notices.ready(acts.current)
        logger.notice("ready", metadata: ["sockets": .array(sockets.map { .string($0) }), "version": "\(DaemonVersion.number)"])
        ProgramText.giveBack()
      }
    } onGracefulShutdown: {
      // Watchers are told before the server says goodbye.
      notices.draining(seconds: Int(grace.nanoseconds / 1_000_000_000))
      health.drain { server.beginDrain(grace: grace) }
    }
  }
}
