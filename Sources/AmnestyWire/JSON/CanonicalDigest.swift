// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Crypto

/// Digests over canonical JSON (RFC 8785) with null members dropped.
package enum CanonicalDigest {
  /// `sha256:` and 64 lower-case hexadecimal digits, over what `body` writes.
  package static func sha256(_ body: (inout JSONWriter) -> Void) -> String {
    JSONWriter.withBytes(body) { Self.sha256(of: $0) }
  }

  package static func sha256(of bytes: UnsafeRawBufferPointer) -> String { SHA256Sum(of: bytes).text }

  /// The order of members in canonical JSON: by their UTF-16 code units.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf16.lexicographicallyPrecedes(right.utf16)
  }
}

/// A SHA-256 digest, kept as numbers until it is written.
package struct SHA256Sum: Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  package init(of bytes: UnsafeRawBufferPointer) {
    let digest = SHA256.hash(data: bytes)
    withUnsafeMutableBytes(of: &self.words) { words in digest.withUnsafeBytes { words.copyMemory(from: $0) } }
  }

  /// Over what `body` writes.
  @inline(__always)
  package init(_ body: (inout JSONWriter) -> Void) {
    self = JSONWriter.withBytes(body) { SHA256Sum(of: $0) }
  }

  /// `sha256:` and 64 lower-case hexadecimal digits.
  package var text: String {
    String(unsafeUninitializedCapacity: Self.textBytes) { text in
      self.spell(into: UnsafeMutableRawBufferPointer(text))
      return Self.textBytes
    }
  }

  /// The same, quoted.
  package func write(_ writer: inout JSONWriter) {
    withUnsafeTemporaryAllocation(byteCount: Self.textBytes, alignment: 1) { text in
      self.spell(into: text)
      writer.byte(UInt8(ascii: "\""))
      writer.raw(UnsafeRawBufferPointer(text))
      writer.byte(UInt8(ascii: "\""))
    }
  }

  private static let prefix: StaticString = "sha256:"
  private static let digits: StaticString = "0123456789abcdef"
  private static var textBytes: Int { 7 + 2 * SHA256.byteCount }

  /// - Parameter text: of `textBytes`.
  private func spell(into text: UnsafeMutableRawBufferPointer) {
    guard text.count >= Self.textBytes else { return }
    for index in 0..<7 { text[index] = Self.prefix.utf8Start[index] }
    withUnsafeBytes(of: self.words) { bytes in
      for index in bytes.indices {
        text[7 + 2 * index] = Self.digits.utf8Start[Int(bytes[index] >> 4)]
        text[8 + 2 * index] = Self.digits.utf8Start[Int(bytes[index] & 0xF)]
      }
    }
  }
}
