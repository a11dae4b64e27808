// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// Section H of the protocol, on the JSON value of a head.
struct HeadModel {
  private enum Shape {
    case string, actor, boolean, strings, integers, objects, metadata
    case integer(ClosedRange<Int64>)
  }

  private static let natural = Shape.integer(0...(1 << 53) - 1)
  private static let positive = Shape.integer(1...(1 << 53) - 1)

  /// The table of section H.
  private static let members: [String: [String: Shape]] = [
    "hello": [
      "agent": .string, "maxFrame": .integer(512...(1 << 53) - 1), "window": natural, "session": .string, "principal": .string,
      "roles": .strings, "limits": .integers,
    ],
    "call": ["method": .string, "timeoutMs": natural, "window": natural, "open": .boolean, "actor": .actor, "metadata": .metadata],
    "item": [:], "done": [:], "cancel": [:], "ping": [:], "pong": [:],
    "end": ["code": .string, "message": .string, "details": .objects, "metadata": .metadata],
    "credit": ["bytes": positive],
    "goaway": ["reason": .string, "graceMs": natural, "message": .string],
  ]

  private enum Verdict: Equatable {
    case protocolError
    case ignorable
    /// A call that ends with `INVALID_HEAD`.
    case invalidCall(id: Int64)
    case head(kind: String, number: Int64)
  }

  private let verdict: Verdict
  private let tree: JSONTree?

  init(_ bytes: UnsafeRawBufferPointer) {
    let tree = try? JSONTree.read(bytes).get()
    self.tree = tree
    guard case .object(let members)? = tree, !members.isEmpty else {
      self.verdict = .protocolError
      return
    }
    self.verdict = Self.verdict(members)
  }

  private static func verdict(_ members: [JSONTree.Member]) -> Verdict {
    let kinds = members.filter { Self.members[String(decoding: $0.name, as: UTF8.self)] != nil }
    guard kinds.count < 2 else { return .protocolError }
    guard let own = kinds.first else { return members.contains { $0.name.starts(with: "x-".utf8) } ? .ignorable : .protocolError }
    let kind = String(decoding: own.name, as: UTF8.self)
    guard case .number(let text) = own.value, let number = Int64(text), number < 1 << 53,
      number >= (["ping", "pong", "goaway"].contains(kind) ? 0 : 1)
    else { return .protocolError }
    let shapes = Self.members[kind] ?? [:]
    let areRight = members.allSatisfy { member in
      shapes[String(decoding: member.name, as: UTF8.self)].map { Self.fits(member.value, $0) } ?? true
    }
    let required = ["call": "method", "credit": "bytes"][kind]
    let isComplete = required.map { name in members.contains { $0.isNamed(name) } } ?? true
    if areRight, isComplete { return .head(kind: kind, number: number) }
    return kind == "call" ? .invalidCall(id: number) : .protocolError
  }

  private static func fits(_ value: JSONTree, _ shape: Shape) -> Bool {
    switch (shape, value) {
    case (.string, .string), (.boolean, .bool): true
    case (.actor, .string(let text)): 1...128 ~= String(decoding: text, as: UTF8.self).unicodeScalars.count
    case (.integer(let range), .number(let text)): Int64(text).map { range.contains($0) } ?? false
    case (.strings, .array(let elements)): elements.allSatisfy { self.fits($0, .string) }
    case (.objects, .array(let elements)): elements.allSatisfy { if case .object = $0 { true } else { false } }
    case (.integers, .object(let members)): members.allSatisfy { self.fits($0.value, .integer(.min ... .max)) }
    case (.metadata, .object(let members)):
      members.count <= 64 && members.allSatisfy { self.fits($0.value, .strings) && self.isMetadataName($0.name) }
    default: false
    }
  }

  private static func isMetadataName(_ name: [UInt8]) -> Bool {
    1...64 ~= name.count && name.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) }
  }

  // MARK: - Comparison

  func compare(_ head: FrameHead?) throws(Discrepancy) {
    guard let head else { return try requireEqual(self.verdict, .protocolError, "refused") }
    switch head {
    case .ignorable: try requireEqual(self.verdict, .ignorable, "ignored")
    case .item(let id): try self.requireHead("item", id)
    case .done(let id): try self.requireHead("done", id)
    case .cancel(let id): try self.requireHead("cancel", id)
    case .ping(let number): try self.requireHead("ping", UInt64(number))
    case .pong(let number): try self.requireHead("pong", UInt64(number))
    case .credit(let id, let bytes):
      try self.requireHead("credit", id)
      try requireEqual(self.integer("bytes"), bytes, "bytes")
    case .end(let end):
      try self.requireHead("end", end.id)
      let code = self.text("code")
      try requireEqual(end.status == nil, code == nil || code == "OK", "whether the call is OK")
      if let status = end.status { try requireEqual(status.message, self.text("message") ?? "", "message") }
    case .hello(let hello):
      try self.requireHead("hello", UInt64(hello.version))
      try requireEqual(hello.agent, self.text("agent"), "agent")
      try requireEqual(hello.maxFrame, self.integer("maxFrame"), "maxFrame")
      try requireEqual(hello.window, self.integer("window"), "window")
      try requireEqual(hello.session, self.text("session"), "session")
    case .goaway(let goaway):
      try self.requireHead("goaway", goaway.lastID)
      try requireEqual(goaway.reason, self.text("reason") ?? "", "reason")
      try requireEqual(goaway.graceMilliseconds, self.integer("graceMs"), "graceMs")
    case .call(let call):
      try self.compare(call)
    }
  }

  private func compare(_ call: CallHead) throws(Discrepancy) {
    if let violation = call.violation {
      try requireEqual(self.verdict, .invalidCall(id: Int64(call.id)), "a call that is refused: \(violation)")
      return try requireEqual(violation.reason, "INVALID_HEAD", "the reason")
    }
    try self.requireHead("call", call.id)
    switch call.method {
    case .known(let index): try requireEqual(HeadsTarget.methods.names[index], self.text("method"), "method")
    case .named(let name):
      try requireEqual(name, self.text("method"), "method")
      try requireEqual(HeadsTarget.methods.names.contains(name), false, "whether \(name) is known")
    }
    try requireEqual(call.timeoutMilliseconds, self.integer("timeoutMs"), "timeoutMs")
    try requireEqual(call.window, self.integer("window"), "window")
    try requireEqual(call.open, self.tree?["open"] == .bool(true), "open")
    try requireEqual(call.actor, self.text("actor"), "actor")
    if case .object(let metadata)? = self.tree?["metadata"] { try requireEqual(call.metadata.count, metadata.count, "metadata") }
  }

  private func requireHead(_ kind: String, _ number: UInt64) throws(Discrepancy) {
    try requireEqual(.head(kind: kind, number: Int64(number)), self.verdict, "the head")
  }

  private func text(_ name: String) -> String? {
    guard case .string(let bytes)? = self.tree?[name] else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func integer(_ name: String) -> Int64? {
    guard case .number(let text)? = self.tree?[name] else { return nil }
    return Int64(text)
  }
}
