// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRegister
package import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// What the services of the register share: the store, the acts, who is who, and the way of a command.
package struct RegisterAccess: Sendable {
  let register: any CaseRegister
  let acts: ActsInForce
  let directory: any Directory
  let clock: WallClock

  package init(register: any CaseRegister, acts: ActsInForce, directory: any Directory, clock: WallClock = .system) {
    self.register = register
    self.acts = acts
    self.directory = directory
    self.clock = clock
  }

  /// Today where the default act is; in UTC where the host does not know that.
  var today: Day { RegisterAccess.today(under: acts, clock) }

  package static func today(under acts: ActsInForce, _ clock: WallClock = .system) -> Day {
    acts.current.defaultAct?.today?.day ?? Instant(milliseconds: clock.now() &* 1000).day
  }

  var now: Instant { Instant(milliseconds: clock.now() &* 1000) }

  var view: CaseView { CaseView(day: today) }

  func caller(_ context: CallContext) -> Caller { Caller(context, directory) }

  // MARK: Reads

  func read<Value: Sendable>(
    about reference: String = "", _ body: @escaping @Sendable (any RegisterReading) throws(RegisterError) -> Value
  ) async throws(Status) -> Value {
    do throws(RegisterError) {
      return try await register.read(body)
    } catch {
      throw Status(error, about: reference)
    }
  }

  /// Queues the audit entry of a read before it is answered.
  func noteRead(_ author: Author, _ context: CallContext, subject: String?, _ details: [Link.Detail] = []) throws(Status) {
    do throws(RegisterError) {
      try register.note(AuditNote(kind: .read, at: now, author: author, method: context.method.name, subject: subject, details: details))
    } catch {
      throw Status(error)
    }
  }

  // MARK: Commands

  /// What every command request has.
  struct Envelope {
    var reference: String
    var etag: String?
    var key: String?
    var digest: String
  }

  /// Gives a command on a case and returns the case after it, masked for the caller.
  ///
  /// - Parameter make: the command, from the case as it is now; it may need more than the case says.
  func command(
    _ kind: LinkKind, _ envelope: Envelope, _ context: CallContext, _ make: (StoredCase) throws(Status) -> CaseCommand
  ) async throws(Status) -> CaseResponse {
    let caller = caller(context)
    let scope = caller.scope
    let reference = envelope.reference
    let found: StoredCase?
    do throws(RegisterError) {
      found = try await register.read { reading throws(RegisterError) in try reading.get(reference, scope: scope) }
    } catch .notFound where envelope.key != nil {
      // The key may answer for a case that the caller sees no longer, such as one that they transferred.
      found = nil
    } catch {
      throw Status(error, about: reference)
    }
    guard let stored = found else { try await replayOnly(kind, envelope, context, caller) }
    let author = try author(kind, of: stored, caller, context)
    let made = try make(stored)
    let request = commandRequest(author, scope, envelope, context, assessment: made.assessment?.bytes)
    let answer: CommandAnswer
    do throws(RegisterError) {
      answer = try await register.perform(.onCase(reference, made), request)
    } catch {
      if case .fourEyes = error { deny(author, context, reference, "four_eyes") }
      throw Status(error, about: reference)
    }
    return try finish(answer, caller, office: stored.office)
  }

  /// The author of a command on a case: in the role that it needs, in the case's office.
  private func author(_ kind: LinkKind, of stored: StoredCase, _ caller: Caller, _ context: CallContext) throws(Status) -> Author {
    let held = caller.roles(in: stored.office)
    let needed = CaseChain.roles(for: kind)
    if let role = needed.first(where: { held.contains($0.rawValue) }) { return caller.author(as: role, in: stored.office) }
    let author = caller.reader(as: .viewer, office: stored.office)
    deny(author, context, stored.reference, "role_missing")
    let list = needed.map(\.rawValue).joined(separator: " or ")
    throw Status(
      .permissionDenied, reason: ErrorReason.roleMissing,
      "\(context.method.name) needs the role \(list) in the office \(stored.office) of the case, which \(caller.person) does not hold. The administrator grants it under offices: in the configuration.",
      info: ["method": context.method.name, "role": needed.first?.rawValue ?? "", "principal": caller.principal])
  }

  func deny(_ author: Author, _ context: CallContext, _ reference: String, _ why: String) {
    // That it was refused stands whether or not the log can take it.
    try? register.note(
      AuditNote(kind: .denied, at: now, author: author, method: context.method.name, subject: reference, details: [.init("why", why)]))
  }

  private func replayOnly(
    _ kind: LinkKind, _ envelope: Envelope, _ context: CallContext, _ caller: Caller
  ) async throws(Status) -> Never {
    guard let role = CaseChain.roles(for: kind).first else { throw Status(RegisterError.notFound, about: envelope.reference) }
    // Nothing lies in this scope: only an answer that the key has kept can come back.
    let nothing = Scope(offices: [], sealedOffices: [])
    let request = commandRequest(caller.reader(as: role), nothing, envelope, context, assessment: nil)
    do throws(RegisterError) {
      _ = try await register.perform(.onCase(envelope.reference, .unassign(reason: nil)), request)
    } catch {
      throw Status(error, about: envelope.reference)
    }
    throw .doneAndOutOfSight(envelope.reference)
  }

  /// A key answers again, but shows nothing of a case that its caller sees no more.
  func checkSight(of reference: String, _ caller: Caller) async throws(Status) {
    let scope = caller.scope
    do throws(RegisterError) {
      _ = try await register.read { reading throws(RegisterError) in try reading.get(reference, scope: scope) }
    } catch .notFound {
      throw .doneAndOutOfSight(reference)
    } catch {
      throw Status(error, about: reference)
    }
  }

  private func commandRequest(
    _ author: Author, _ scope: Scope, _ envelope: Envelope, _ context: CallContext, assessment: [UInt8]?
  ) -> CommandRequest {
    let view = view
    return CommandRequest(
      author: author, scope: scope, method: context.method.name, key: envelope.key, digest: Array(envelope.digest.utf8),
      etag: envelope.etag, day: view.day
    ) { effect in
      switch effect {
      case .registered(let stored, let link), .changed(let stored, let link):
        RegisterAccess.bytes(stored, view, assessment: assessment, number: link.assessment)
      case .need, .acknowledged: []
      }
    }
  }

  /// The answer as it is kept under the key: unmasked.
  ///
  /// - Parameter number: that of the assessment, which need not be the one that the case stands on.
  static func bytes(_ stored: StoredCase, _ view: CaseView, assessment: [UInt8]?, number: Int? = nil) -> [UInt8] {
    var buffer = ByteBuffer()
    // A record that cannot be read leaves the answer empty, and the caller is told so when it is read back.
    guard var message = try? view.message(stored, assessment: assessment) else { return [] }
    if assessment != nil { message.assessmentNumber = number }
    CaseResponse(case: message).encode(into: &buffer)
    return Array(buffer.readableBytesView)
  }

  func finish(_ answer: CommandAnswer, _ caller: Caller, office: String?) throws(Status) -> CaseResponse {
    var response: CaseResponse
    do throws(Status) {
      response = try CaseResponse.decode(ByteBuffer(bytes: answer.bytes))
    } catch {
      throw Status(
        .dataLoss, reason: ErrorReason.internal,
        "The command is done and kept, but its answer cannot be read. Get the case; then run amnestyctl check.")
    }
    response.case.show(to: caller.roles(in: office ?? response.case.office))
    response.replayed = answer.replayed ? true : nil
    return response
  }
}

extension Status {
  /// The command of a key was done, on a case that its caller does not see any more.
  static func doneAndOutOfSight(_ reference: String) -> Status {
    let name = bounded(reference)
    return Status(
      .notFound, reason: ErrorReason.caseNotFound,
      "The command with this key was done. There is no case \(name) for you any more, so it is not shown.", info: ["done": "true"],
      details: [.resourceInfo(ResourceInfo(resourceType: "case", resourceName: name))])
  }
}

extension Case {
  /// Takes out what the roles do not show, and says so.
  mutating func show(to roles: Set<String>) {
    guard !Case.isWhole(for: roles) else { return }
    var masked: [String] = []
    mask(for: roles, into: &masked)
    self.masked = masked
  }
}
