// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// Cuts what the socket gives into frames for the connection, and writes what has gathered meanwhile.
final class ClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let connection: ClientConnection
  private var decoder: FrameDecoder
  private var whyClosed = "The daemon closed the connection"

  init(connection: ClientConnection) {
    self.connection = connection
    self.decoder = FrameDecoder(maxFrame: connection.maxFrame)
  }

  func channelActive(context: ChannelHandlerContext) {
    self.flush(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    self.decoder.append(self.unwrapInboundIn(data))
    do throws(FrameError) {
      try self.connection.received(&self.decoder)
    } catch {
      self.whyClosed = "The daemon broke the protocol (\(error.message))"
      context.close(promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    self.flush(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.connection.closed(self.whyClosed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.whyClosed = "The connection failed (\(error))"
    context.close(promise: nil)
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard let outgoing = self.connection.takeOutgoing() else { return }
    context.writeAndFlush(self.wrapOutboundOut(outgoing), promise: nil)
  }
}
