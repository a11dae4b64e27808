// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Decodes the head of a frame.
///
/// Senders put the kind first, and then one pass suffices; else a first pass finds it. Members that the kind does not have
/// are ignored, so a member is only held to its type where it means something.
package enum HeadDecoder {
  package static func decode(_ bytes: UnsafeRawBufferPointer, methods: MethodTable?) throws(FrameError) -> FrameHead {
    if let usual = Self.usual(bytes, methods) { return usual }
    var draft = HeadDraft(methods: methods)
    do {
      try JSONReader.read(bytes) { reader throws(JSONError) in try draft.readKindFirst(&reader) }
      if draft.kind == nil, draft.failure == nil {
        let kind = try Self.findKind(bytes)
        guard let kind else { return .ignorable }
        draft = HeadDraft(methods: methods)
        draft.expected = kind
        try JSONReader.read(bytes) { reader throws(JSONError) in try draft.readKindFirst(&reader) }
      }
    } catch let failure as JSONReadFailure {
      switch failure {
      case .malformed(let error): throw FrameError("a head is not JSON at byte \(error.offset): \(error.reason)")
      case .invalid(let faults, _): draft.note(faults)
      }
    } catch let error as FrameError {
      throw error
    } catch {
      throw FrameError("a head cannot be read")
    }
    if let failure = draft.failure { throw failure }
    return try draft.finish()
  }

  /// An item, or a call of a known method without options, spelt as nearly all are; nil where the whole decoder has to look.
  private static func usual(_ bytes: UnsafeRawBufferPointer, _ methods: MethodTable?) -> FrameHead? {
    // `{"call":` and `{"item":`, little-endian.
    guard bytes.count > 8 else { return nil }
    let start = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let isCall = start == 0x3A22_6C6C_6163_227B
    guard isCall || start == 0x3A22_6D65_7469_227B else { return nil }
    var index = 8
    var id: UInt64 = 0
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      id = id &* 10 &+ UInt64(bytes[index] &- UInt8(ascii: "0"))
      index += 1
    }
    // Fifteen digits are below the largest id; a zero in front is no number, and no id.
    guard 9...23 ~= index, bytes[8] != UInt8(ascii: "0") else { return nil }
    if !isCall { return index == bytes.count - 1 && bytes[index] == UInt8(ascii: "}") ? .item(id) : nil }
    let member: StaticString = ",\"method\":\""
    let nameStart = index + member.utf8CodeUnitCount
    guard let methods, nameStart + 2 <= bytes.count, bytes[bytes.count - 2] == UInt8(ascii: "\""),
      bytes[bytes.count - 1] == UInt8(ascii: "}")
    else { return nil }
    for offset in 0..<member.utf8CodeUnitCount where bytes[index + offset] != member.utf8Start[offset] { return nil }
    // A name of the table has no quote and no escape, so what equals one has neither.
    guard let method = methods.index(of: UnsafeRawBufferPointer(rebasing: bytes[nameStart..<bytes.count - 2])) else { return nil }
    return .call(CallHead(id: id, method: .known(method)))
  }

  /// The kind wherever it stands; nil where there is none, but a member whose name starts with `x-`.
  private static func findKind(_ bytes: UnsafeRawBufferPointer) throws -> HeadKind? {
    var found: HeadKind?
    var isIgnorable = false
    try JSONReader.read(bytes) { reader throws(JSONError) in
      guard try reader.enterObject() == .nonEmpty else { return }
      var names = JSONNameSet()
      repeat {
        let key = try reader.readKey()
        try names.insert(key)
        if let kind = HeadKind(key) { found = kind }
        if key.count >= 2, key.head & 0xFFFF == 0x2D78 { isIgnorable = true }
        try reader.skipValue()
      } while try reader.nextMember()
    }
    if found == nil, !isIgnorable { throw FrameError("a head holds no kind, and no member whose name starts with x-") }
    return found
  }
}
