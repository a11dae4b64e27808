// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Crypto

/// Digests over canonical JSON (RFC 8785) with null members dropped.
package enum CanonicalDigest {
  /// `sha256:` and 64 lower-case hexadecimal digits, over what `body` writes.
  package static func sha256(_ body: (inout JSONWriter) -> Void) -> String {
    JSONWriter.withBytes(body) { Self.sha256(of: $0) }
  }

  package static func sha256(of bytes: UnsafeRawBufferPointer) -> String {
    let digest = SHA256.hash(data: bytes)
    let prefix: StaticString = "sha256:"
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: prefix.utf8CodeUnitCount + 2 * SHA256.byteCount) { text in
      var index = 0
      while index < prefix.utf8CodeUnitCount {
        text[index] = prefix.utf8Start[index]
        index += 1
      }
      digest.withUnsafeBytes { bytes in
        for byte in bytes {
          text[index] = digits.utf8Start[Int(byte >> 4)]
          text[index + 1] = digits.utf8Start[Int(byte & 0xF)]
          index += 2
        }
      }
      return index
    }
  }

  /// The order of members in canonical JSON: by their UTF-16 code units.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf16.lexicographicallyPrecedes(right.utf16)
  }
}
