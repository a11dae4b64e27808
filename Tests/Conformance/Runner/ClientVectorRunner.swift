// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// Runs the steps of a vector for a client: plays the server, and has the client's user make calls.
final class ClientVectorRunner {
  /// What the client's user can do.
  protocol User: Sendable {
    func start(_ call: JSONValue) throws
    func cancel(_ name: String)
    /// Waits for the end of the call.
    func outcome(of name: String) throws -> ConformanceCall.Result
  }

  private struct Peer {
    var connection: VectorConnection
    var ids: [String: Int64] = [:]
    var lastID: Int64 = 0
    var greeted = false
  }

  private let listener: VectorListener
  private let user: any User
  private var peers: [String: Peer] = [:]

  init(listener: VectorListener, user: any User) {
    self.listener = listener
    self.user = user
  }

  func run(_ vector: Vector) throws {
    for (index, step) in vector.steps.enumerated() {
      do {
        try self.run(step)
      } catch {
        throw VectorError("\(vector.name), step \(index + 1) \(step.compact.prefix(200)): \(error)")
      }
    }
  }

  private func run(_ step: JSONValue) throws {
    if let call = step["start"] { return try self.user.start(call) }
    if let name = step["cancel"]?.text { return self.user.cancel(name) }
    if let expected = step["finish"] { return try self.finish(expected) }
    let name = step["on"]?.text ?? "a"
    var peer = try self.peers[name] ?? Peer(connection: VectorConnection(try self.listener.accept(), inLines: false))
    defer { self.peers[name] = peer }
    try self.greet(&peer)
    if let frames = step["send"] {
      let bytes = try (frames.elements ?? [frames]).flatMap { try OutgoingBytes.of(Self.resolve($0, peer.ids)) }
      try peer.connection.send(bytes, drip: step["drip"]?.isTrue ?? false)
    } else if let expected = step["expect"] {
      try self.expect(expected, &peer)
    } else if let expected = step["expectCredit"], let bytes = expected["bytes"]?.integer {
      guard let id = expected["id"].map({ Self.resolve($0, peer.ids) })?.integer else { throw VectorError("expectCredit lacks id") }
      try peer.connection.awaitCredit(bytes, call: id)
    } else if step["expectClose"] != nil {
      if let frame = try peer.connection.next() { throw VectorError("came \(frame) instead of the end") }
      peer.connection.close()
    } else if step["close"] != nil {
      peer.connection.close()
    } else {
      throw VectorError("no such step for a client")
    }
  }

  /// Answers a hello, if the client begins with one.
  private func greet(_ peer: inout Peer) throws {
    guard !peer.greeted else { return }
    peer.greeted = true
    guard let first = try peer.connection.next() else { throw VectorError("the client closed before its first frame") }
    guard first.head["hello"] != nil else { return peer.connection.keep([first]) }
    guard first.body == nil, first.head["hello"]?.integer.map({ $0 >= 1 }) ?? false else { throw VectorError("a hello \(first)") }
    let hello =
      #"{"head":{"hello":1,"agent":"vectors","session":"1","principal":"user:0","roles":[],"maxFrame":4194304,"window":262144,"#
      + #""limits":{"calls":128}}}"#
    try peer.connection.send(try OutgoingBytes.of(JSONValue(parsing: Array(hello.utf8))), drip: false)
  }

  private func expect(_ expected: JSONValue, _ peer: inout Peer) throws {
    if let name = expected["head"]?["call"]?.text {
      guard let frame = try peer.connection.next() else { throw VectorError("the client closed") }
      guard let id = frame.head["call"]?.integer else { throw VectorError("came \(frame)") }
      guard id > peer.lastID else { throw VectorError("the id \(id) after \(peer.lastID)") }
      peer.lastID = id
      peer.ids[name] = id
      peer.connection.keep([frame])
    }
    try FrameExpectation.expect(Self.resolve(expected, peer.ids), on: peer.connection)
  }

  /// Puts ids in the place of names of calls.
  private static func resolve(_ value: JSONValue, _ ids: [String: Int64]) -> JSONValue {
    switch value {
    case .string(let text): ids[text].map { .number(String($0)) } ?? value
    case .array(let elements): .array(elements.map { self.resolve($0, ids) })
    case .object(let members): .object(members.map { .init($0.name, self.resolve($0.value, ids)) })
    default: value
    }
  }

  private func finish(_ expected: JSONValue) throws {
    guard let name = expected["call"]?.text else { throw VectorError("finish lacks call") }
    let result = try self.user.outcome(of: name)
    if let response = expected["response"] {
      guard let actual = result.response else { throw VectorError("no response, but \(result)") }
      if let mismatch = Pattern.mismatch(response, actual) { throw VectorError("response: \(mismatch)") }
    }
    if let items = expected["items"], let mismatch = Pattern.mismatch(items, .array(result.items)) {
      throw VectorError("items: \(mismatch); \(result.code ?? "OK")")
    }
    guard result.code == expected["code"]?.text else { throw VectorError("the code is \(result.code ?? "OK") \(result.reason ?? "")") }
    if let reason = expected["reason"]?.text, reason != result.reason { throw VectorError("the reason is \(result.reason ?? "missing")") }
  }
}
