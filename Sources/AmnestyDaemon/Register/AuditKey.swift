// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import Glibc
internal import Systemd

/// The key that signs the audit trail: from the configuration, else the credential `audit.key`.
enum AuditKey {
  /// Nil where there is none.
  static func signer(_ file: String?, environment: [String: String]) throws(DaemonError) -> AuditSigner? {
    let place: String
    let bytes: [UInt8]
    if let file {
      place = file
      bytes = try read(file)
    } else {
      place = "the credential audit.key"
      do throws(SystemdError) {
        guard let found = try Credentials(environment: environment)?.read("audit.key") else { return nil }
        bytes = found
      } catch {
        throw DaemonError(.noInput, "\(error)")
      }
    }
    guard let signer = AuditSigner(seed: seed(bytes)) else {
      throw DaemonError(
        .badData, "\(place) is no Ed25519 key: it needs 32 bytes, or 64 hexadecimal digits; make one with: openssl rand -hex 32")
    }
    return signer
  }

  /// 32 bytes as they are, or as hexadecimal digits and a line feed.
  private static func seed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count != 32 else { return bytes }
    let digits = bytes.filter { $0 > 0x20 }
    guard digits.count == 64 else { return [] }
    var seed: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return [] }
      seed.append(byte)
    }
    return seed
  }

  private static func read(_ path: String) throws(DaemonError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannot("open the audit key", path, errno: errno, else: .noInput) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(file, &bytes, bytes.count)
    guard count >= 0 else { throw .cannot("read the audit key", path, errno: errno, else: .noInput) }
    return Array(bytes[..<count])
  }
}
