// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Systemd

/// A call of the daemon's own method over the daemon's own socket: through the queue of connections, the accepting loop, the connection's loop
/// and the method, as a client's. Connections go to the loops in turn, so each is tried.
struct LoopbackProbe: WatchdogProbe {
  let path: String
  let group: any EventLoopGroup
  var name: String { "loop-back over \(path)" }

  /// Returns when the daemon has answered or closed the connection; a refusal at a limit is an answer.
  func probe() async {
    while !Task.isCancelled {
      do {
        let channel = try await connect()
        await withTaskCancellationHandler {
          try? await channel.closeFuture.get()
        } onCancel: {
          channel.close(promise: nil)
        }
        return
      } catch let error as IOError where error.errnoCode == EAGAIN {
        // The queue of connections is full: nobody accepts, or many have come at once.
        try? await Task.sleep(for: .milliseconds(200))
      } catch {
        // The path leads nowhere, which a restart would not mend: the socket is not the daemon's. Those who are connected are served.
        return
      }
    }
  }

  private func connect() async throws -> any Channel {
    try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(OneQuestion()) }
      }
      .connect(unixDomainSocketPath: path).get()
  }

  /// Asks for the daemon's health in a line, and closes at the first byte of whatever comes back.
  private final class OneQuestion: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
      let question = "{\"call\":1,\"method\":\"\(HealthService.check.descriptor.name)\"}\n"
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: question)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
