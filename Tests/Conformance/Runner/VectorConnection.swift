// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// One frame of the peer.
struct IncomingFrame: CustomStringConvertible {
  /// A payload, or a line with its line feed.
  var bytes: [UInt8]
  var head: JSONValue
  /// nil where there is none, or an empty one.
  var body: JSONValue?

  var description: String { "\(self.head.compact.prefix(1000)) with body \(self.body.map { String($0.compact.prefix(600)) } ?? "none")" }
}

/// A connection as the vectors see it: frames out, frames in, pings answered.
final class VectorConnection {
  private let socket: VectorSocket
  private let inLines: Bool
  private var buffer: ArraySlice<UInt8> = []
  private var kept: [IncomingFrame] = []
  /// Bytes of credit that the peer gave, by call.
  private(set) var credit: [Int64: Int64] = [:]

  init(_ socket: VectorSocket, inLines: Bool) {
    self.socket = socket
    self.inLines = inLines
  }

  func send(_ bytes: [UInt8], drip: Bool) throws {
    guard drip else { return try self.socket.write(bytes) }
    for byte in bytes { try self.socket.write([byte]) }
  }

  func halfClose() { self.socket.shutdownWriting() }
  func close() { self.socket.close() }

  /// Gives frames back, to be read again before what comes.
  func keep(_ frames: [IncomingFrame]) {
    self.kept.insert(contentsOf: frames, at: 0)
  }

  /// The next frame that is neither credit nor ping; nil when the peer has closed.
  func next() throws -> IncomingFrame? {
    if !self.kept.isEmpty { return self.kept.removeFirst() }
    while let frame = try self.nextOfAnyKind() {
      if !(try self.absorb(frame)) { return frame }
    }
    return nil
  }

  /// Reads until the peer has given so much credit.
  func awaitCredit(_ bytes: Int64, call: Int64) throws {
    var passed: [IncomingFrame] = []
    defer { self.kept += passed }
    while self.credit[call, default: 0] < bytes {
      guard let frame = try self.nextOfAnyKind() else { throw VectorError("closed before \(bytes) bytes of credit came for call \(call)") }
      if !(try self.absorb(frame)) { passed.append(frame) }
      if passed.count > 10_000 { throw VectorError("no credit of \(bytes) bytes among 10,000 frames") }
    }
  }

  private func absorb(_ frame: IncomingFrame) throws -> Bool {
    if let call = frame.head["credit"]?.integer, let bytes = frame.head["bytes"]?.integer {
      guard bytes > 0, frame.head.members?.count == 2 else { throw VectorError("a credit of \(frame.head.compact)") }
      self.credit[call, default: 0] += bytes
      return true
    }
    if let number = frame.head["ping"] {
      let pong = JSONValue.object([.init("pong", number)])
      try self.socket.write(try OutgoingBytes.of(.object([.init(self.inLines ? "line" : "head", pong)])))
      return true
    }
    return false
  }

  // MARK: - Cutting

  private func nextOfAnyKind() throws -> IncomingFrame? {
    while true {
      if let frame = try self.inLines ? self.cutLine() : self.cutFrame() { return frame }
      guard let bytes = try self.socket.read() else {
        guard self.buffer.isEmpty else { throw VectorError("the peer closed inside a frame, after \(self.buffer.count) bytes of it") }
        return nil
      }
      self.buffer = ArraySlice(self.buffer + bytes)
    }
  }

  private func cutFrame() throws -> IncomingFrame? {
    guard self.buffer.count >= 4 else { return nil }
    let length = self.buffer.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard (1...4 << 20).contains(length) else { throw VectorError("a frame of length \(length)") }
    guard self.buffer.count >= 4 + length else { return nil }
    let payload = Array(self.buffer.dropFirst(4).prefix(length))
    self.buffer = self.buffer.dropFirst(4 + length)
    let headEnd = payload.firstIndex(of: 0x0A) ?? payload.count
    guard headEnd <= 16384 else { throw VectorError("a head of \(headEnd) bytes") }
    let body = payload.dropFirst(headEnd + 1)
    return IncomingFrame(
      bytes: payload, head: try JSONValue(parsing: Array(payload[..<headEnd])),
      body: body.isEmpty ? nil : try JSONValue(parsing: Array(body)))
  }

  private func cutLine() throws -> IncomingFrame? {
    guard let lineFeed = self.buffer.firstIndex(of: 0x0A) else { return nil }
    let line = Array(self.buffer[...lineFeed])
    self.buffer = self.buffer[(lineFeed + 1)...]
    guard case .object(let members) = try JSONValue(parsing: line) else { throw VectorError("a line that is not an object") }
    return IncomingFrame(
      bytes: line, head: .object(members.filter { $0.name != "body" }), body: members.first { $0.name == "body" }?.value)
  }
}
