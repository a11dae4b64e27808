// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// What a step expects of the frames that come.
enum FrameExpectation {
  static func expect(_ expected: JSONValue, on connection: VectorConnection) throws {
    guard let frame = try connection.next() else { throw VectorError("the peer closed") }
    if let mismatch = Self.mismatch(expected, frame) { throw VectorError("\(mismatch); came \(frame)") }
  }

  static func expectAll(_ expected: [JSONValue], on connection: VectorConnection) throws {
    var left = expected
    while !left.isEmpty {
      guard let frame = try connection.next() else { throw VectorError("the peer closed, and there were to come \(left.map(\.compact))") }
      guard let index = left.firstIndex(where: { Self.mismatch($0, frame) == nil }) else {
        throw VectorError("came \(frame), which is none of \(left.map(\.compact)): \(Self.mismatch(left[0], frame) ?? "")")
      }
      left.remove(at: index)
    }
  }

  static func expectItems(_ expected: JSONValue, on connection: VectorConnection) throws {
    guard let id = expected["id"], let count = expected["count"]?.integer else { throw VectorError("expectItems lacks id or count") }
    var others: [IncomingFrame] = []
    defer { connection.keep(others) }
    for index in 0..<count {
      while true {
        guard let frame = try connection.next() else { throw VectorError("the peer closed after \(index) items") }
        if frame.head == .object([.init("item", id)]), frame.body != nil { break }
        guard expected["among"]?.isTrue ?? false, frame.head["end"] != id else { throw VectorError("after \(index) items came \(frame)") }
        others.append(frame)
      }
    }
  }

  static func skip(to expected: JSONValue, on connection: VectorConnection) throws {
    while let frame = try connection.next() {
      if Self.mismatch(expected, frame) == nil { return }
    }
    throw VectorError("the peer closed")
  }

  private static func mismatch(_ expected: JSONValue, _ frame: IncomingFrame) -> String? {
    if let text = expected["text"]?.text {
      return Array(text.utf8) == frame.bytes ? nil : "the bytes are \(String(decoding: frame.bytes, as: UTF8.self))"
    }
    if let error = expected["error"] { return self.mismatch(error: error, frame) }
    guard let head = expected["head"] else { return "the vector expects nothing that a runner knows" }
    if let mismatch = Pattern.mismatch(head, frame.head) { return "head: " + mismatch }
    switch (expected["body"], frame.body) {
    case (nil, nil): return nil
    case (nil, let body?): return "there is a body, \(body.compact.prefix(400))"
    case (let pattern?, nil): return pattern == .object([.init("$any", .bool(true))]) ? nil : "there is no body"
    case (let pattern?, let body?): return Pattern.mismatch(pattern, body).map { "body: " + $0 }
    }
  }

  private static func mismatch(error: JSONValue, _ frame: IncomingFrame) -> String? {
    let head = frame.head
    guard head["end"] == error["id"] else { return "it is no end of call \(error["id"]?.compact ?? "")" }
    guard head["code"] == error["code"] else { return "the code is \(head["code"]?.compact ?? "OK")" }
    guard frame.body == nil else { return "an error with a body" }
    guard let message = head["message"]?.text, !message.isEmpty else { return "an error without a message" }
    let members: Set = ["end", "code", "message", "details", "metadata"]
    if let other = head.members?.first(where: { !members.contains($0.name) }) { return "an error with \(other.name)" }
    guard let details = head["details"]?.elements else { return "an error without details" }
    let infos = details.filter { $0["@type"]?.text == "type.googleapis.com/google.rpc.ErrorInfo" }
    guard infos.count == 1, let info = infos.first else { return "there are \(infos.count) ErrorInfo" }
    guard info["reason"] == error["reason"] else { return "the reason is \(info["reason"]?.compact ?? "missing")" }
    guard info["domain"]?.text == "amnesty" else { return "the domain is \(info["domain"]?.compact ?? "missing")" }
    if case .object(let metadata)? = error["metadata"] {
      let pattern = JSONValue.object(metadata + [.init("...", .bool(true))])
      if let mismatch = Pattern.mismatch(pattern, info["metadata"] ?? .object([])) { return "metadata: " + mismatch }
    }
    return self.mismatch(violationsOf: error, details)
  }

  private static func mismatch(violationsOf error: JSONValue, _ details: [JSONValue]) -> String? {
    guard error["fields"] != nil || error["total"] != nil else { return nil }
    guard let request = details.first(where: { $0["@type"]?.text == "type.googleapis.com/google.rpc.BadRequest" }) else {
      return "there is no BadRequest"
    }
    if let fields = error["fields"]?.elements?.compactMap(\.text).sorted() {
      let found = (request["fieldViolations"]?.elements ?? []).compactMap { $0["field"]?.text }.sorted()
      if found != fields { return "the fields are \(found), expected \(fields)" }
    }
    if let total = error["total"], request["violationsTotal"] != total {
      return "violationsTotal is \(request["violationsTotal"]?.compact ?? "missing")"
    }
    return nil
  }
}
