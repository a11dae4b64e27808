// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyTexts
package import AmnestyWire
internal import Foundation
internal import Glibc

/// An export of the trail, verified without a daemon.
package enum AuditExportFile {
  package static func verify(_ path: String, _ checkpoints: [AmnestyWire.AuditCheckpoint]) async throws -> VerifyAuditResponse {
    let taken = try Self.taken(checkpoints)
    do {
      var verifier = try AuditVerifier(checkpoints: taken)
      do {
        for try await line in RecordLines(try InputFile(path: path)) {
          try Self.check(line, &verifier)
        }
        try verifier.finish()
      } catch let fault as AmnestyRegister.AuditFault {
        return VerifyAuditResponse(verifier, fault)
      }
      return VerifyAuditResponse(verifier, nil)
    } catch let fault as AmnestyRegister.AuditFault {
      // Of a checkpoint, before any entry was looked at.
      return VerifyAuditResponse(nil, fault)
    }
  }

  /// A line that cannot be read, or holds more than was hashed, is a fault at its place like any other.
  private static func check(_ line: RecordLines.Line, _ verifier: inout AuditVerifier) throws(AmnestyRegister.AuditFault) {
    guard let entry = (try? AmnestyWire.AuditEntry.decode(line.bytes)).flatMap({ AmnestyRegister.AuditEntry($0) }) else {
      throw AmnestyRegister.AuditFault(.unreadable, at: verifier.sequence + 1)
    }
    try verifier.check(entry)
  }

  static func taken(_ checkpoints: [AmnestyWire.AuditCheckpoint]) throws(InputError) -> [AmnestyRegister.AuditCheckpoint] {
    var taken: [AmnestyRegister.AuditCheckpoint] = []
    for checkpoint in checkpoints {
      guard let hash = unhex(checkpoint.hash), let at = Instant(checkpoint.at), let key = Data(base64Encoded: checkpoint.key),
        let signature = Data(base64Encoded: checkpoint.signature)
      else {
        throw InputError(exitCode: EX_DATAERR) { Text.checkpointNone($0, entry: "\(checkpoint.seq)") }
      }
      taken.append(
        AmnestyRegister.AuditCheckpoint(
          register: checkpoint.register, sequence: Int64(checkpoint.seq), hash: hash, at: at, publicKey: Array(key),
          signature: Array(signature)))
    }
    return taken
  }
}

extension VerifyAuditResponse {
  fileprivate init(_ verifier: AuditVerifier?, _ fault: AmnestyRegister.AuditFault?) {
    self.init(
      ok: fault == nil, entries: Int(verifier?.sequence ?? 0), lastHash: "sha256:" + hex(verifier?.hash ?? []),
      checkpoints: verifier?.checkpointsMet ?? 0, faults: fault.map { [AmnestyWire.AuditFault($0)] } ?? [])
  }
}

extension AmnestyRegister.AuditEntry {
  /// Nil where a member has no meaning; what the wire has and the trail has not cannot be in what was hashed.
  fileprivate init?(_ entry: AmnestyWire.AuditEntry) {
    guard let kind = AmnestyRegister.AuditKind(rawValue: entry.kind.word), let at = Instant(entry.at), let method = entry.method,
      let previous = unhex(entry.previous), let hash = unhex(entry.hash)
    else { return nil }
    var author: Author?
    if let person = entry.person {
      guard let principal = entry.principal, let role = entry.role.flatMap(CaseRole.init), let office = entry.office else { return nil }
      author = Author(person: person, principal: principal, actor: entry.actor, role: role, office: office)
    } else if entry.principal != nil || entry.actor != nil || entry.role != nil || entry.office != nil {
      return nil
    }
    self.init(
      sequence: Int64(entry.seq),
      note: AuditNote(
        kind: kind, at: at, author: author, method: method, subject: entry.reference,
        details: entry.details.map { Link.Detail($0.name, $0.value) }),
      previous: previous, hash: hash)
  }
}
