// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import Crypto

extension AuditCheckpoint {
  /// What is signed.
  package static func message(register: String, sequence: Int64, hash: [UInt8], at: Instant) -> [UInt8] {
    Array("amnesty-audit-checkpoint-1\n\(register)\n\(sequence)\n\(hex(hash))\n\(at.text)\n".utf8)
  }

  /// The signature is that key's. Without a key to trust it proves only that somebody signed.
  package func isValid(trusting key: [UInt8]?) -> Bool {
    guard key == nil || key == publicKey, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
    return key.isValidSignature(
      signature, for: AuditCheckpoint.message(register: register, sequence: sequence, hash: hash, at: at))
  }

  /// A line of a file of checkpoints, without the line's end.
  package var line: String {
    StoredJSON.fields([
      ("register", .string(register)), ("sequence", .int(sequence)), ("hash", .string(hex(hash))), ("at", .string(at.text)),
      ("publicKey", .string(hex(publicKey))), ("signature", .string(hex(signature))),
    ]).text
  }

  package init?(line: String) {
    guard let value = StoredJSON(line), let register = value["register"].string, let sequence = value["sequence"].int,
      let hash = value["hash"].string.flatMap(unhex), let at = value["at"].string.flatMap(Instant.init(text:)),
      let publicKey = value["publicKey"].string.flatMap(unhex), let signature = value["signature"].string.flatMap(unhex)
    else { return nil }
    self.init(register: register, sequence: sequence, hash: hash, at: at, publicKey: publicKey, signature: signature)
  }
}

extension CheckpointSignature {
  /// Signs with an Ed25519 key.
  package init?(_ message: [UInt8], with key: Curve25519.Signing.PrivateKey) {
    guard let signature = try? key.signature(for: message) else { return nil }
    self.init(publicKey: Array(key.publicKey.rawRepresentation), signature: Array(signature))
  }
}
