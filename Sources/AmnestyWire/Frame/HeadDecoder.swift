// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Decodes the head of a frame.
///
/// Senders put the kind first, and then one pass suffices; else a first pass finds it. Members that the kind does not have
/// are ignored, so a member is only held to its type where it means something.
package enum HeadDecoder {
  package static func decode(_ bytes: UnsafeRawBufferPointer, methods: MethodTable?) throws(FrameError) -> FrameHead {
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
