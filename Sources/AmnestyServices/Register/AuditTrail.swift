// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRegister
internal import AmnestyRules
internal import AmnestyTexts
package import AmnestyWire
internal import Crypto
internal import FoundationEssentials

/// `amnesty.v1.AuditService`: who did and read what, and the proof that nothing of it was changed.
package struct AuditTrail: AuditServiceProvider {
  private let access: RegisterAccess
  private let signer: AuditSigner?

  /// - Parameter signer: nil where the deployment has given no key.
  package init(_ access: RegisterAccess, signer: AuditSigner?) {
    self.access = access
    self.signer = signer
  }

  package func list(_ request: ListAuditRequest, context: CallContext) async throws(Status) -> ListAuditResponse {
    var filter = AuditFilter()
    filter.subject = request.reference
    filter.person = request.person
    filter.offices = access.caller(context).scope(as: "auditor").offices
    let (asked, start, page) = (filter, Int64(request.after ?? 0), PageRequest(size: request.pageSize ?? 100, token: request.pageToken))
    let found = try await access.read { reading throws(RegisterError) in try reading.audit(asked, after: start, page: page) }
    try noteList(request, found.items, context)
    return ListAuditResponse(entries: found.items.map { AmnestyWire.AuditEntry($0) }, nextPageToken: found.nextToken)
  }

  /// Who looked at the trail is in it, with the case that was asked about, or a digest of what was asked. A person is named who stands in it already:
  /// anything else that was typed could be anybody's name.
  private func noteList(
    _ request: ListAuditRequest, _ found: [AmnestyRegister.AuditEntry], _ context: CallContext
  ) throws(Status) {
    let caller = access.caller(context)
    // A page of the caller's own looks shows nothing; if it left another entry, a listing by small pages would have no end.
    let isOwn = { (note: AuditNote) in note.method == context.method.name && note.author?.person == caller.person }
    if !found.isEmpty, found.allSatisfy({ isOwn($0.note) }) { return }
    var details: [Link.Detail] = []
    if let person = request.person, found.contains(where: { $0.note.author?.person == person }) { details.append(.init("person", person)) }
    if let after = request.after { details.append(.init("after", String(after))) }
    try access.noteRead(caller.reader(as: .auditor), context, subject: request.reference ?? request.digest, details)
  }

  package func export(
    _ request: ExportAuditRequest, context: CallContext, responses: ResponseSender<ExportAuditResponse>
  ) async throws(Status) {
    let caller = access.caller(context)
    // With entries left out it could not be told from one that was tampered with.
    guard caller.scope(as: "auditor").offices == nil else {
      throw Status(
        .permissionDenied, reason: ErrorReason.roleMissing,
        "An export is the whole trail, so it needs the role auditor in every office, which \(caller.person) does not hold. AuditService/List shows the entries of your offices; the administrator grants the role everywhere under roles: in the configuration.",
        info: ["method": context.method.name, "role": "auditor", "principal": caller.principal])
    }
    var after = Int64(request.after ?? 0)
    // What comes later, the entry of this export first, is for the next one.
    let last = try await access.read { reading throws(RegisterError) in try reading.lastAuditEntry() }
    try access.noteRead(
      caller.reader(as: .auditor), context, subject: nil, [.init("after", String(after)), .init("through", String(last))])
    while after < last {
      let (from, limit) = (after, Int(min(500, last - after)))
      let found = try await access.read { reading throws(RegisterError) in try reading.audit(AuditFilter(), after: from, limit: limit) }
      guard let end = found.last else { return }
      for entry in found { try await responses.send(ExportAuditResponse(entry: .init(entry))) }
      after = end.sequence
    }
  }

  package func verify(_ request: VerifyAuditRequest, context: CallContext) async throws(Status) -> VerifyAuditResponse {
    var checkpoints: [AmnestyRegister.AuditCheckpoint] = []
    for (index, checkpoint) in (request.checkpoints ?? []).enumerated() {
      guard let taken = AmnestyRegister.AuditCheckpoint(checkpoint) else {
        throw .invalidField([
          FieldViolation(field: "/checkpoints/\(index)", description: "is no checkpoint: give it as AuditService/Checkpoint answered")
        ])
      }
      checkpoints.append(taken)
    }
    do throws(RegisterError) {
      let report = try await access.register.maintenance.verifyAudit(against: checkpoints)
      try access.register.note(
        AuditNote(
          kind: .read, at: access.now, author: access.caller(context).reader(as: .auditor), method: context.method.name, subject: nil,
          details: [.init("through", String(report.entries))]))
      return VerifyAuditResponse(
        ok: report.fault == nil, entries: Int(report.entries), lastHash: "sha256:" + report.lastHash.hexadecimal,
        checkpoints: report.checkpoints,
        faults: report.fault.map { [AmnestyWire.AuditFault($0)] } ?? [])
    } catch {
      throw Status(error)
    }
  }

  package func checkpoint(_ request: CreateCheckpointRequest, context: CallContext) async throws(Status) -> CreateCheckpointResponse {
    guard let signer else {
      throw Status(
        .failedPrecondition, reason: ErrorReason.noSigningKey,
        "The daemon has no key to sign with. Its administrator gives it one as the credential audit.key (32 bytes, Ed25519).")
    }
    do throws(RegisterError) {
      return CreateCheckpointResponse(checkpoint: .init(try await access.register.maintenance.checkpoint(signedBy: { signer.sign($0) })))
    } catch {
      throw Status(error)
    }
  }
}

/// Signs the end of the audit trail, Ed25519.
package struct AuditSigner: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// - Parameter seed: the 32 bytes of the private key; nil where they are none.
  package init?(seed: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
    self.key = key
  }

  package func sign(_ message: [UInt8]) -> CheckpointSignature {
    // A private key that exists can sign; an empty signature would be found by the verification.
    let signature = (try? key.signature(for: message)).map { Array($0) } ?? []
    return CheckpointSignature(publicKey: Array(key.publicKey.rawRepresentation), signature: signature)
  }
}

extension AmnestyWire.AuditEntry {
  init(_ entry: AmnestyRegister.AuditEntry) {
    let note = entry.note
    self.init(
      seq: Int(entry.sequence), at: note.at.text, kind: .init(word: note.kind.rawValue), person: note.author?.person,
      principal: note.author?.principal,
      actor: note.author?.actor, role: note.author?.role.rawValue, office: note.author?.office, method: note.method,
      reference: note.subject,
      details: note.details.map { AuditDetail(name: $0.name, value: $0.value) }, previous: entry.previous.hexadecimal,
      hash: entry.hash.hexadecimal)
  }
}

extension AmnestyWire.AuditCheckpoint {
  init(_ checkpoint: AmnestyRegister.AuditCheckpoint) {
    self.init(
      register: checkpoint.register, seq: Int(checkpoint.sequence), hash: checkpoint.hash.hexadecimal, at: checkpoint.at.text,
      key: Data(checkpoint.publicKey).base64EncodedString(), signature: Data(checkpoint.signature).base64EncodedString())
  }
}

extension AmnestyRegister.AuditCheckpoint {
  init?(_ checkpoint: AmnestyWire.AuditCheckpoint) {
    guard let hash = [UInt8](hexadecimal: checkpoint.hash), let key = Data(base64Encoded: checkpoint.key),
      let signature = Data(base64Encoded: checkpoint.signature), let at = Instant(checkpoint.at)
    else { return nil }
    self.init(
      register: checkpoint.register, sequence: Int64(checkpoint.seq), hash: hash, at: at, publicKey: Array(key), signature: Array(signature)
    )
  }
}

extension AmnestyWire.AuditFault {
  fileprivate init(_ fault: AmnestyRegister.AuditFault) {
    let kind = fault.kind.rawValue
    self.init(seq: Int(fault.sequence), what: Words.auditFaultKind(kind, .en) ?? kind, kind: AuditFaultKind(word: kind))
  }
}

extension [UInt8] {
  var hexadecimal: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    return String(decoding: self.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  init?(hexadecimal text: String) {
    let digits = Array<UInt8>(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    self = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
      append(byte)
    }
  }
}
