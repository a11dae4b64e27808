// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOEmbedded
internal import Synchronization
internal import Testing

@testable internal import RPCServer

@Suite("A listener out of file descriptors") struct AcceptPauseTests {
  /// Counts the reads that reach the socket.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = Never
    var reads = 0

    func read(context: ChannelHandlerContext) { reads += 1 }
  }

  private final class Words: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private struct Recorder: LogHandler {
    let words: Words
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(words: Words) { self.words = words }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      words.add("\(event.message) \(event.metadata?["reason"]?.description ?? "")")
    }
  }

  private let words = Words()
  private let socket = Socket()
  private let channel: EmbeddedChannel

  init() throws {
    let words = words
    let logger = Logger(label: "t") { _ in Recorder(words: words) }
    let pause = AcceptPause(listener: "l", room: SocketRoom(capacity: 2), logger: logger)
    channel = EmbeddedChannel(handlers: [socket, pause])
  }

  /// As the listener does: an error at accept, and the next read.
  private func fail(_ code: CInt) {
    channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
    channel.pipeline.read()
  }

  @Test("It accepts nothing for 100 ms, then tries once, and says so once a minute", arguments: [EMFILE, ENFILE])
  func pauses(code: CInt) throws {
    channel.pipeline.read()
    #expect(socket.reads == 1)
    for round in 1...10 {
      fail(code)
      channel.embeddedEventLoop.advanceTime(by: .milliseconds(99))
      #expect(socket.reads == round)
      channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
      #expect(socket.reads == round + 1)
    }
    #expect(words.all == ["cannot accept a connection \(String(cString: strerror(code)))"])
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    fail(code)
    #expect(words.all.count == 2)
    _ = try channel.finish()
  }

  @Test("Without room for another socket it accepts nothing until one is closed, and says so once") func waitsForRoom() throws {
    let accepted = [EmbeddedChannel(), EmbeddedChannel()]
    for child in accepted {
      channel.pipeline.read()
      try channel.writeInbound(child as any Channel)
    }
    #expect(socket.reads == 2)
    channel.pipeline.read()
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(socket.reads == 2)
    #expect(words.all == ["cannot accept a connection every socket that the process may open is in use"])
    _ = try accepted[0].finish()
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
    #expect(socket.reads == 3)
    #expect(words.all.count == 1)
    _ = try accepted[1].finish()
    _ = try channel.finish()
  }

  @Test("Of the sockets, some are left for those who are turned away", arguments: [(32, 24), (64, 48), (8_096, 8_080), (1, 1)])
  func connectionsOfSockets(sockets: Int, connections: Int) {
    #expect(SocketRoom.connections(of: sockets) == connections)
  }

  @Test("Another error is not its concern") func otherErrors() throws {
    fail(ECONNABORTED)
    #expect(socket.reads == 1)
    #expect(words.all.isEmpty)
    #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
  }
}
