// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// What must hold of one message, whatever its bytes.
struct MessageCheck: Sendable {
  let name: String
  let run: @Sendable (UnsafeRawBufferPointer) throws(Discrepancy) -> Void

  init<Message: WireMessage & Equatable>(_ type: Message.Type, isRequest: Bool) {
    self.name = "\(type)"
    self.run = { bytes throws(Discrepancy) in
      let malformed = bytes.isEmpty ? nil : malformation(of: bytes)
      let message: Message
      do throws(Status) {
        message = try Message.decode(ByteBuffer(bytes: bytes))
      } catch {
        return try Self.checkRefused(error, malformed, bytes, isRequest: isRequest)
      }
      try Self.checkAccepted(message, malformed)
    }
  }

  /// Written and read again it is the same, to the byte.
  private static func checkAccepted<Message: WireMessage & Equatable>(_ message: Message, _ malformed: JSONError?) throws(Discrepancy) {
    try requireEqual(malformed, nil, "what is malformed is taken")
    var written = ByteBuffer()
    message.encode(into: &written)
    let again: Message
    do throws(Status) {
      again = try Message.decode(written)
    } catch {
      throw Discrepancy("what was written is refused: \(error)\n  \(String(buffer: written))")
    }
    try require(again == message, "read again it is another message: \(String(buffer: written))")
    var writtenAgain = ByteBuffer()
    again.encode(into: &writtenAgain)
    try requireEqual(String(buffer: writtenAgain), String(buffer: written), "written twice")
  }

  /// Malformed wins over a wrong shape (J-9) and is told with its offset (J-8); what is wrong in a request is told with its place (E-4, E-5).
  private static func checkRefused(
    _ status: Status, _ malformed: JSONError?, _ bytes: UnsafeRawBufferPointer, isRequest: Bool
  ) throws(Discrepancy) {
    guard isRequest else { return try requireEqual(status.reason, "UNREADABLE_RESPONSE", "the reason of \(status)") }
    if let malformed {
      try requireEqual(status.reason, "MALFORMED_JSON", "the reason of \(status), where \(malformed)")
      return try requireEqual(status.errorInfo?.metadata["offset"], String(malformed.offset), "the offset")
    }
    try requireEqual(status.reason, "INVALID_FIELD", "the reason of \(status)")
    let violations = status.badRequest?.fieldViolations ?? []
    let total = status.badRequest?.violationsTotal ?? violations.count
    try require(1...32 ~= violations.count && total >= violations.count, "\(violations.count) of \(total) violations")
    guard !bytes.isEmpty, case .success(let tree) = JSONTree.read(bytes) else { return }
    for violation in violations { try require(tree.hasPlace(violation.field), "no place \(violation.field)") }
  }
}

extension JSONTree {
  /// Whether a JSON Pointer leads to a value, or to a member that an object lacks.
  fileprivate func hasPlace(_ pointer: String) -> Bool {
    let tokens = pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map { Array($0) }
    return self.hasPlace(tokens[...])
  }

  private func hasPlace(_ tokens: ArraySlice<[UInt8]>) -> Bool {
    guard let token = tokens.first else { return true }
    switch self {
    case .array(let elements):
      guard let index = Int(String(decoding: token, as: UTF8.self)), elements.indices.contains(index) else { return false }
      return elements[index].hasPlace(tokens.dropFirst())
    case .object(let members):
      // A name that is too long is told cut.
      let found = members.filter { Self.token($0.name) == token }
      return found.isEmpty ? tokens.count == 1 : found.contains { $0.value.hasPlace(tokens.dropFirst()) }
    default: return false
    }
  }

  private static func token(_ name: [UInt8]) -> [UInt8] {
    let text = String(decoding: name, as: UTF8.self).unicodeScalars
    var token = ""
    for scalar in text.prefix(64) {
      switch scalar {
      case "~": token += "~0"
      case "/": token += "~1"
      default: token.unicodeScalars.append(scalar)
      }
    }
    return Array((text.dropFirst(64).isEmpty ? token : token + "…").utf8)
  }
}
