// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// Runs the steps of a vector for a server.
struct ServerVectorRunner: Sendable {
  /// Where the server listens.
  var path: String
  /// Tells the server to stop.
  var drain: @Sendable () -> Void = {}

  func run(_ vector: Vector) throws {
    var connections: [String: VectorConnection] = [:]
    for (index, step) in vector.steps.enumerated() {
      let name = step["on"]?.text ?? "a"
      let connection: VectorConnection
      if let known = connections[name] {
        connection = known
      } else {
        connection = VectorConnection(try VectorSocket(connectingTo: self.path), inLines: vector.inLines)
        connections[name] = connection
      }
      do {
        try self.run(step, on: connection)
      } catch {
        throw VectorError("\(vector.name), step \(index + 1) \(step.compact.prefix(200)): \(error)")
      }
    }
  }

  private func run(_ step: JSONValue, on connection: VectorConnection) throws {
    if let frames = step["send"] {
      try connection.send(try (frames.elements ?? [frames]).flatMap(OutgoingBytes.of), drip: step["drip"]?.isTrue ?? false)
    } else if let expected = step["expect"] {
      try FrameExpectation.expect(expected, on: connection)
    } else if let expected = step["expectAll"]?.elements {
      try FrameExpectation.expectAll(expected, on: connection)
    } else if let expected = step["expectItems"] {
      try FrameExpectation.expectItems(expected, on: connection)
    } else if let expected = step["expectCredit"], let id = expected["id"]?.integer, let bytes = expected["bytes"]?.integer {
      try connection.awaitCredit(bytes, call: id)
    } else if let expected = step["skipTo"] {
      try FrameExpectation.skip(to: expected, on: connection)
    } else if step["expectClose"] != nil {
      if let frame = try connection.next() { throw VectorError("came \(frame) instead of the end") }
    } else if step["halfClose"] != nil {
      connection.halfClose()
    } else if step["close"] != nil {
      connection.close()
    } else if step["drain"] != nil {
      self.drain()
    } else if step["connect"] == nil {
      throw VectorError("no such step")
    }
  }
}
