// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension FrameHead {
  /// Writes the members, each with a comma before it, the kind first.
  func writeMembers(to writer: inout JSONWriter, methods: MethodTable?) {
    switch self {
    case .hello(let hello): hello.writeMembers(to: &writer)
    case .call(let call): call.writeMembers(to: &writer, methods: methods)
    case .item(let id): writer.member(",\"item\":", id)
    case .done(let id): writer.member(",\"done\":", id)
    case .end(let end):
      writer.member(",\"end\":", end.id)
      end.status?.writeMembers(to: &writer)
    case .cancel(let id): writer.member(",\"cancel\":", id)
    case .credit(let id, let bytes):
      writer.member(",\"credit\":", id)
      writer.member(",\"bytes\":", bytes)
    case .ping(let number): writer.member(",\"ping\":", number)
    case .pong(let number): writer.member(",\"pong\":", number)
    case .goaway(let goaway):
      writer.member(",\"goaway\":", goaway.lastID)
      writer.member(",\"reason\":", goaway.reason)
      writer.member(",\"graceMs\":", goaway.graceMilliseconds)
      writer.member(",\"message\":", goaway.message)
    case .ignorable:
      writer.raw(",\"x-\":0")
    }
  }
}

extension HelloHead {
  fileprivate func writeMembers(to writer: inout JSONWriter) {
    writer.member(",\"hello\":", self.version)
    writer.member(",\"agent\":", self.agent)
    writer.member(",\"maxFrame\":", self.maxFrame)
    writer.member(",\"window\":", self.window)
    writer.member(",\"session\":", self.session)
    writer.member(",\"principal\":", self.principal)
    if let roles = self.roles {
      writer.raw(",\"roles\":")
      writer.strings(roles)
    }
    if let limits = self.limits {
      writer.raw(",\"limits\":")
      let start = writer.position
      for (name, limit) in limits.sorted(by: { $0.key < $1.key }) {
        writer.comma()
        writer.string(name)
        writer.byte(UInt8(ascii: ":"))
        writer.integer(limit)
      }
      writer.closeObject(since: start)
    }
  }
}

extension CallHead {
  fileprivate func writeMembers(to writer: inout JSONWriter, methods: MethodTable?) {
    writer.member(",\"call\":", self.id)
    switch self.method {
    case .known(let index): writer.member(",\"method\":", methods?.names[index])
    case .named(let name): writer.member(",\"method\":", name)
    }
    writer.member(",\"timeoutMs\":", self.timeoutMilliseconds)
    writer.member(",\"window\":", self.window)
    if self.open { writer.raw(",\"open\":true") }
    writer.member(",\"actor\":", self.actor)
    if !self.metadata.isEmpty {
      writer.raw(",\"metadata\":")
      writer.metadata(self.metadata)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: StaticString, _ number: Int64?) {
    guard let number else { return }
    self.raw(name)
    self.integer(number)
  }

  fileprivate mutating func member(_ name: StaticString, _ id: UInt64) {
    self.raw(name)
    self.integer(Int64(truncatingIfNeeded: id))
  }
}
