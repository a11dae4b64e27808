// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What has been read of a head, kept when a later member of it is at fault.
struct HeadDraft {
  let methods: MethodTable?
  /// The kind, where an earlier pass has found it.
  var expected: HeadKind?
  private(set) var kind: HeadKind?
  private(set) var failure: FrameError?

  /// The value of the kind's own member: an id mostly; 0 where it is out of range.
  private var value: Int64 = 0
  private var method: MethodReference?
  private var timeout: Int64?
  private var window: Int64?
  private var open = false
  private var text = Text()
  private var metadata: [String: [String]] = [:]
  private var bytes: Int64 = 0
  private var graceMilliseconds: Int64?
  private var details: [StatusDetail] = []
  private var hello = HelloHead()
  private var violation: Status?

  private struct Text {
    var actor: String?
    var code: String?
    var message: String?
    var reason: String?
  }

  private var seen: UInt64 = 0
  private var others = JSONNameSet()

  init(methods: MethodTable?) {
    self.methods = methods
  }

  /// Reads the whole head if its kind is known or stands first; else returns at once.
  mutating func readKindFirst(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.enterObject() == .nonEmpty else {
      self.failure = FrameError("a head must be an object with members")
      return
    }
    var key = try reader.readKey()
    guard let kind = self.expected ?? HeadKind(key) else {
      // The rest is read for the reader's sake only: the caller makes a second pass.
      repeat { try reader.skipValue() } while try Self.skipToNext(&reader)
      return
    }
    self.kind = kind
    while true {
      if let named = HeadKind(key) {
        try reader.markSeen(63, in: &self.seen, key: key)
        if named != kind { self.failure = FrameError("a head holds two kinds") }
        self.value = try reader.readInteger(in: Self.range(of: kind))
      } else {
        try self.readMember(key, of: kind, &reader)
      }
      guard try reader.nextMember() else { return }
      key = try reader.readKey()
    }
  }

  private static func skipToNext(_ reader: inout JSONReader) throws(JSONError) -> Bool {
    guard try reader.nextMember() else { return false }
    _ = try reader.readKey()
    return true
  }

  private static func range(of kind: HeadKind) -> ClosedRange<Int64> {
    switch kind {
    case .ping, .pong, .goaway: 0...WireLimits.largestInteger
    default: 1...WireLimits.largestInteger
    }
  }

  @inline(__always)
  private mutating func readMember(_ key: JSONToken, of kind: HeadKind, _ reader: inout JSONReader) throws(JSONError) {
    switch kind {
    case .call: try self.readCallMember(key, &reader)
    case .credit: try self.readCreditMember(key, &reader)
    case .end: try self.readEndMember(key, &reader)
    case .hello: try self.readHelloMember(key, &reader)
    case .goaway: try self.readGoawayMember(key, &reader)
    default: try reader.ignoreUnknownMember(key, names: &self.others)
    }
  }

  private mutating func readCallMember(_ key: JSONToken, _ reader: inout JSONReader) throws(JSONError) {
    if key.isName(.method) {
      try reader.markSeen(0, in: &self.seen, key: key)
      guard let name = try reader.readWord() else { return }
      if let index = self.methods?.index(of: UnsafeRawBufferPointer(name.bytes)) {
        self.method = .known(index)
      } else {
        self.method = .named(name.string)
      }
    } else if key.equals("timeoutMs") {
      try reader.markSeen(1, in: &self.seen, key: key)
      self.timeout = try reader.readInteger(in: 0...WireLimits.largestInteger)
    } else if key.isName(.window) {
      try reader.markSeen(2, in: &self.seen, key: key)
      self.window = try reader.readInteger(in: 0...WireLimits.largestInteger)
    } else if key.isName(.open) {
      try reader.markSeen(3, in: &self.seen, key: key)
      self.open = try reader.readBool()
    } else if key.isName(.actor) {
      try reader.markSeen(4, in: &self.seen, key: key)
      let offset = reader.valueOffset
      let actor = try reader.readString()
      switch actor.unicodeScalars.count {
      case 0: reader.note(.tooShort(minimum: 1), at: offset)
      case ...WireLimits.actorCharacters: self.text.actor = actor
      default: reader.note(.tooLong(maximum: WireLimits.actorCharacters), at: offset)
      }
    } else if key.isName(.metadata) {
      try reader.markSeen(5, in: &self.seen, key: key)
      try self.readMetadata(&reader)
    } else {
      try reader.ignoreUnknownMember(key, names: &self.others)
    }
  }

  private mutating func readCreditMember(_ key: JSONToken, _ reader: inout JSONReader) throws(JSONError) {
    guard key.isName(.bytes) else { return try reader.ignoreUnknownMember(key, names: &self.others) }
    try reader.markSeen(0, in: &self.seen, key: key)
    self.bytes = try reader.readInteger(in: 1...WireLimits.largestInteger)
  }

  private mutating func readEndMember(_ key: JSONToken, _ reader: inout JSONReader) throws(JSONError) {
    if key.isName(.code) {
      try reader.markSeen(0, in: &self.seen, key: key)
      self.text.code = try reader.readString()
    } else if key.isName(.message) {
      try reader.markSeen(1, in: &self.seen, key: key)
      self.text.message = try reader.readString()
    } else if key.isName(.details) {
      try reader.markSeen(2, in: &self.seen, key: key)
      self.details = try StatusDetail.readList(&reader)
    } else if key.isName(.metadata) {
      try reader.markSeen(3, in: &self.seen, key: key)
      try self.readMetadata(&reader)
    } else {
      try reader.ignoreUnknownMember(key, names: &self.others)
    }
  }

  private mutating func readHelloMember(_ key: JSONToken, _ reader: inout JSONReader) throws(JSONError) {
    if key.isName(.agent) {
      try reader.markSeen(0, in: &self.seen, key: key)
      self.hello.agent = try reader.readString()
    } else if key.isName(.maxFrame) {
      try reader.markSeen(1, in: &self.seen, key: key)
      self.hello.maxFrame = try reader.readInteger(in: Int64(WireLimits.leastMaxFrame)...WireLimits.largestInteger)
    } else if key.isName(.window) {
      try reader.markSeen(2, in: &self.seen, key: key)
      self.hello.window = try reader.readInteger(in: 0...WireLimits.largestInteger)
    } else if key.isName(.session) {
      try reader.markSeen(3, in: &self.seen, key: key)
      self.hello.session = try reader.readString()
    } else if key.equals("principal") {
      try reader.markSeen(4, in: &self.seen, key: key)
      self.hello.principal = try reader.readString()
    } else if key.isName(.roles) {
      try reader.markSeen(5, in: &self.seen, key: key)
      self.hello.roles = try reader.readStrings()
    } else if key.isName(.limits) {
      try reader.markSeen(6, in: &self.seen, key: key)
      var limits: [String: Int64] = [:]
      if try reader.enterObject() == .nonEmpty {
        var names = JSONNameSet()
        repeat {
          let key = try reader.readKey()
          try names.insert(key)
          let name = key.string
          limits[name] = try reader.readInteger()
        } while try reader.nextMember()
      }
      self.hello.limits = limits
    } else {
      try reader.ignoreUnknownMember(key, names: &self.others)
    }
  }

  private mutating func readGoawayMember(_ key: JSONToken, _ reader: inout JSONReader) throws(JSONError) {
    if key.isName(.reason) {
      try reader.markSeen(0, in: &self.seen, key: key)
      self.text.reason = try reader.readString()
    } else if key.isName(.graceMs) {
      try reader.markSeen(1, in: &self.seen, key: key)
      self.graceMilliseconds = try reader.readInteger(in: 0...WireLimits.largestInteger)
    } else if key.isName(.message) {
      try reader.markSeen(2, in: &self.seen, key: key)
      self.text.message = try reader.readString()
    } else {
      try reader.ignoreUnknownMember(key, names: &self.others)
    }
  }

  private mutating func readMetadata(_ reader: inout JSONReader) throws(JSONError) {
    let offset = reader.valueOffset
    guard try reader.enterObject() == .nonEmpty else { return }
    // By their bytes: texts that Unicode takes for equal are two names.
    var names = JSONNameSet()
    repeat {
      let key = try reader.readKey()
      try names.insert(key)
      let isKey = key.count >= 1 && key.count <= 64 && key.bytes.allSatisfy(Self.isMetadataByte)
      let name = key.string
      if !isKey { reader.note(.pattern("under a key of 1 to 64 characters of a-z 0-9 -"), at: reader.valueOffset) }
      self.metadata[name] = try reader.readStrings()
    } while try reader.nextMember()
    if names.count > WireLimits.metadataEntries { reader.note(.tooMany(maximum: WireLimits.metadataEntries), at: offset) }
  }

  private static func isMetadataByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// Members that do not hold what they must: of a call whose id could be read they cost the call, else the connection.
  mutating func note(_ faults: [JSONFault]) {
    guard self.failure == nil, let fault = faults.first else { return }
    let member = fault.pointer.isEmpty ? "of the kind" : String(fault.pointer.dropFirst())
    if self.kind == .call, self.value > 0 {
      self.violation = .invalidHead(member: member, fault.description)
    } else {
      self.failure = FrameError("a head's member \(Status.bounded(member)) \(fault.description)")
    }
  }

  /// The head, all members of which were read.
  func finish() throws(FrameError) -> FrameHead {
    switch self.kind {
    case .call:
      return .call(self.finishCall())
    case .item: return .item(UInt64(self.value))
    case .done: return .done(UInt64(self.value))
    case .cancel: return .cancel(UInt64(self.value))
    case .credit:
      guard self.bytes > 0 else { throw FrameError("a credit lacks bytes") }
      return .credit(UInt64(self.value), bytes: self.bytes)
    case .ping: return .ping(self.value)
    case .pong: return .pong(self.value)
    case .end:
      return .end(EndHead(id: UInt64(self.value), status: self.finishStatus()))
    case .hello:
      var hello = self.hello
      hello.version = self.value
      return .hello(hello)
    case .goaway:
      return .goaway(
        GoawayHead(
          lastID: UInt64(self.value), reason: self.text.reason ?? "", graceMilliseconds: self.graceMilliseconds, message: self.text.message)
      )
    case nil:
      throw FrameError("a head holds no kind")
    }
  }

  private func finishCall() -> CallHead {
    var violation = self.violation
    if self.method == nil, violation == nil { violation = .invalidHead(member: "method", "it is required") }
    return CallHead(
      id: UInt64(self.value), method: self.method ?? .named(""), timeoutMilliseconds: self.timeout, window: self.window, open: self.open,
      actor: self.text.actor, metadata: self.metadata, violation: violation)
  }

  private func finishStatus() -> Status? {
    guard let name = self.text.code, name != "OK" else { return nil }
    return Status(StatusCode(name: name), self.text.message ?? "", details: self.details, metadata: self.metadata)
  }
}
