// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// The reader and the writer of JSON, on any bytes.
///
/// - What is asked for and what is skipped is checked alike.
/// - The offset of an error is the first byte that cannot be right (J-8): up to it the text can be completed, and with it it cannot.
/// - What was read and is written reads as the same; canonical text is its own canonical form.
/// - Integers and numbers are what the standard library makes of their text.
enum JSONTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    let skipped = malformation(of: bytes)
    switch JSONTree.read(bytes) {
    case .failure(let error):
      try requireEqual(error, skipped, "read and skipped differ")
      try self.checkOffset(of: error, in: bytes)
    case .success(let tree):
      try requireEqual(skipped, nil, "skipping refuses what reading takes")
      try self.checkWriting(of: tree)
      try self.checkNumbers(in: tree)
    }
    return .worthKeeping
  }

  private static func checkOffset(of error: JSONError, in bytes: UnsafeRawBufferPointer) throws(Discrepancy) {
    try require(0...bytes.count ~= error.offset, "the offset \(error.offset) is outside of \(bytes.count) bytes")
    if error.reason == .endOfInput {
      return try require(error.offset == bytes.count, "the input ends at \(error.offset) of \(bytes.count) bytes")
    }
    try require(error.offset < bytes.count, "\(error) is behind the last byte")
    // A mark is found before anything that could follow it.
    if error.reason == .byteOrderMark { return }
    let before = malformation(of: UnsafeRawBufferPointer(rebasing: bytes[..<error.offset]))
    let canBeCompleted = before == nil || before == JSONError(offset: error.offset, reason: .endOfInput)
    try require(canBeCompleted, "\(error), but what stands before it is already wrong: \(String(describing: before))")
    switch error.reason {
    case .duplicateName, .loneSurrogate, .noncharacter:
      // These stand at the beginning of what is only seen to be wrong at its end.
      break
    default:
      let with = malformation(of: UnsafeRawBufferPointer(rebasing: bytes[...error.offset]))
      try requireEqual(with, error, "cut off behind the byte that cannot be right")
    }
  }

  private static func checkWriting(of tree: JSONTree) throws(Discrepancy) {
    let text = JSONWriter.text { tree.write(&$0) }
    try requireEqual(JSONTree.read(Array(text.utf8)), .success(tree), "written and read again")
    let canonical = JSONWriter.text { tree.sorted.write(&$0) }
    guard case .success(let again) = JSONTree.read(Array(canonical.utf8)) else {
      throw Discrepancy("canonical text is malformed: \(canonical)")
    }
    try requireEqual(JSONWriter.text { again.sorted.write(&$0) }, canonical, "canonical twice")
  }

  private static func checkNumbers(in tree: JSONTree) throws(Discrepancy) {
    switch tree {
    case .number(let text): try self.checkNumber(text)
    case .array(let elements): for element in elements { try self.checkNumbers(in: element) }
    case .object(let members): for member in members { try self.checkNumbers(in: member.value) }
    default: break
    }
  }

  private static func checkNumber(_ text: String) throws(Discrepancy) {
    let integer = self.read(text) { reader throws(JSONError) in try reader.readInteger() }
    try requireEqual(integer, Int64(text), "the integer \(text)")
    let number = self.read(text) { reader throws(JSONError) in try reader.readNumber() }
    try requireEqual(number, Double(text).flatMap { $0.isFinite ? $0 : nil }, "the number \(text)")
    guard let number else { return }
    let canonical = JSONWriter.text { $0.number(number) }
    try requireEqual(Double(canonical), number, "the number \(text) written as \(canonical)")
  }

  private static func read<Value>(_ text: String, _ body: (inout JSONReader) throws(JSONError) -> Value) -> Value? {
    var text = text
    return text.withUTF8 { bytes in
      do throws(JSONReadFailure) {
        return try JSONReader.read(UnsafeRawBufferPointer(bytes), body)
      } catch {
        return nil
      }
    }
  }
}
