// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

extension SQLiteRegister: RegisterMaintenance {
  package var statistics: RegisterStatistics { writer.statistics }

  package func check() async throws(RegisterError) -> CheckReport {
    // On one snapshot, so that what is written meanwhile does not look like damage.
    try await read { reading throws(RegisterError) in
      guard let reading = reading as? SQLiteReading else { return CheckReport(cases: 0, auditEntries: 0, problems: []) }
      return try registerErrors { try DatabaseCheck.run(on: reading.db) }
    }
  }

  package func verifyAudit(against checkpoints: [AuditCheckpoint]) async throws(RegisterError) -> AuditReport {
    try await read { reading throws(RegisterError) in
      try SQLiteRegister.verify(reading, against: checkpoints)
    }
  }

  static func verify(_ reading: any RegisterReading, against checkpoints: [AuditCheckpoint]) throws(RegisterError) -> AuditReport {
    do {
      var verifier = try AuditVerifier(checkpoints: checkpoints)
      do {
        while true {
          let page = try reading.audit(AuditFilter(), after: verifier.sequence, limit: 2000)
          for entry in page { try verifier.check(entry) }
          if page.isEmpty { break }
        }
        try verifier.finish()
      } catch let fault as AuditFault {
        return AuditReport(
          entries: verifier.sequence, lastHash: verifier.hash, fault: fault, checkpoints: verifier.checkpointsMet)
      }
      return AuditReport(entries: verifier.sequence, lastHash: verifier.hash, fault: nil, checkpoints: verifier.checkpointsMet)
    } catch let fault as AuditFault {
      return AuditReport(entries: 0, lastHash: AuditEntry.origin, fault: fault, checkpoints: 0)
    } catch {
      throw RegisterError(error)
    }
  }

  package func checkpoint(
    signedBy sign: @escaping @Sendable (_ message: [UInt8]) -> CheckpointSignature
  ) async throws(RegisterError) -> AuditCheckpoint {
    try await written { session in
      let now = session.clock.now()
      let register = try session.db.first("SELECT uuid FROM register") { $0.text(0) } ?? ""
      // The entry that says so is the one that is signed: nothing between the two can be cut off unseen.
      try session.append(AuditNote(kind: .checkpoint, at: now, author: nil, method: "register/checkpoint", subject: nil))
      let (sequence, hash) = (session.auditSequence, session.auditHash)
      let signature = sign(AuditCheckpoint.message(register: register, sequence: sequence, hash: hash, at: now))
      return AuditCheckpoint(
        register: register, sequence: sequence, hash: hash, at: now, publicKey: signature.publicKey, signature: signature.signature)
    }
  }

  package func recordAttempt(propagation id: Int64, error: String?, nextAttemptAt: Instant) async throws(RegisterError) {
    try await written { session in
      try session.db.run(
        "UPDATE propagations SET attempts = attempts + 1, last_error = ?, next_attempt_at = ? WHERE id = ? AND acknowledged_at IS NULL",
        .of(error), .of(nextAttemptAt), .int(id))
    }
  }

  package func purgeKeys() async throws(RegisterError) -> Int {
    try await written { session in
      let kept = max(session.policy.keepKeysFor, .seconds(7 * 86_400))
      let before = session.clock.now().adding(milliseconds: -kept.components.seconds * 1000)
      try session.db.run(
        "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers WHERE at < ? ORDER BY at LIMIT 500)", .of(before))
      return session.db.changesCount
    }
  }

  package func close() async {
    readers.close()
    await withCheckedContinuation { continuation in writer.close { continuation.resume() } }
  }
}
