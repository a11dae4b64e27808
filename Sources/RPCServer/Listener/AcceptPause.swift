// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import Logging
internal import NIOCore

/// Accepts nothing for a moment where there is no room for another socket: who waits makes the listener readable all the while, and trying on would
/// take a core from those who are connected.
final class AcceptPause: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  private static let length = TimeAmount.milliseconds(100)
  private static let betweenWords = TimeAmount.minutes(1)
  private static let shortages = [EMFILE, ENFILE, ENOBUFS, ENOMEM]

  private let listener: String
  private let room: SocketRoom
  private let logger: Logger
  private var pause: Scheduled<Void>?
  private var isReadHeld = false
  private var nextWord: NIODeadline?

  init(listener: String, room: SocketRoom, logger: Logger) {
    self.listener = listener
    self.room = room
    self.logger = logger
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    self.room.hold(self.unwrapInboundIn(data))
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError, Self.shortages.contains(error.errnoCode) else { return context.fireErrorCaught(error) }
    self.begin(context, because: String(cString: strerror(error.errnoCode)))
  }

  func read(context: ChannelHandlerContext) {
    if self.pause == nil, self.room.isFull { self.begin(context, because: "every socket that the process may open is in use") }
    if self.pause == nil {
      context.read()
    } else {
      self.isReadHeld = true
    }
  }

  private func begin(_ context: ChannelHandlerContext, because reason: String) {
    let now = context.eventLoop.now
    if self.nextWord.map({ now >= $0 }) ?? true {
      self.nextWord = now + Self.betweenWords
      self.logger.error("cannot accept a connection", metadata: [LogKeys.listener: "\(self.listener)", LogKeys.reason: "\(reason)"])
    }
    guard self.pause == nil else { return }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    self.pause = context.eventLoop.scheduleTask(in: Self.length) { bound.value.0.resume(bound.value.1) }
  }

  private func resume(_ context: ChannelHandlerContext) {
    self.pause = nil
    guard self.isReadHeld else { return }
    self.isReadHeld = false
    // A server that stops has told the channel to read no more.
    let isWanted = (try? context.channel.syncOptions?.getOption(.autoRead)) ?? true
    if isWanted { self.read(context: context) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.pause?.cancel()
    self.pause = nil
    context.fireChannelInactive()
  }
}
