// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

/// `amnesty.v1.AftercareService`: the needs of released people. It does not show the case.
package struct Aftercare: AftercareServiceProvider {
  private let access: RegisterAccess

  package init(_ access: RegisterAccess) { self.access = access }

  package func list(_ request: ListNeedsRequest, context: CallContext) async throws(Status) -> ListNeedsResponse {
    let caller = access.caller(context)
    let scope = caller.scope(as: "aftercare", office: request.office).includingSealed
    let today = access.today
    var filter = NeedFilter()
    if let kind = request.kind { filter.kinds = AmnestyRegister.NeedKind(rawValue: kind.word).map { [$0] } ?? [] }
    if let state = request.state { filter.states = AmnestyRegister.NeedState(rawValue: state.word).map { [$0] } ?? [] }
    filter.responsible = request.responsible
    if request.overdue == true { filter.overdueOn = today }
    let (asked, page) = (filter, PageRequest(size: request.pageSize ?? 100, token: request.pageToken))
    let found = try await access.read { reading throws(RegisterError) in try reading.needs(asked, page: page, scope: scope) }
    try access.noteRead(caller.reader(as: .aftercare, office: request.office), context, subject: request.digest)
    return ListNeedsResponse(needs: found.items.map { AftercareNeed($0, on: today) }, nextPageToken: found.nextToken)
  }

  package func update(_ request: UpdateNeedRequest, context: CallContext) async throws(Status) -> NeedResponse {
    let caller = access.caller(context)
    let scope = caller.scope(as: "aftercare").includingSealed
    let due = try day(request.dueOn, at: "/dueOn")
    let id = request.id
    var state: AmnestyRegister.NeedState?
    if let word = request.state {
      guard let known = AmnestyRegister.NeedState(rawValue: word.word), known != .cancelled else {
        throw .invalidField([
          FieldViolation(field: "/state", description: "can be open, in_progress, done or declined; only a revocation cancels")
        ])
      }
      state = known
    }
    let found: Need
    do throws(RegisterError) {
      found = try await access.register.read { reading throws(RegisterError) in try reading.need(id, scope: scope) }
    } catch {
      throw Aftercare.status(error, ofNeed: id)
    }
    let change = NeedCommand(state: state, responsible: request.responsible, dueOn: due, note: request.note)
    return try await perform(
      .onNeed(id, change), caller.author(as: .aftercare, in: found.office), scope, request.idempotencyKey, request.digest, request.etag,
      context)
  }

  package func add(_ request: AddNeedRequest, context: CallContext) async throws(Status) -> NeedResponse {
    let caller = access.caller(context)
    let scope = caller.scope(as: "executor")
    let reference = request.reference
    let stored = try await access.read(about: reference) { reading throws(RegisterError) in try reading.get(reference, scope: scope) }
    guard let kind = AmnestyRegister.NeedKind(rawValue: request.kind.word) else {
      throw .invalidField([FieldViolation(field: "/kind", description: "is no kind of need of this register")])
    }
    return try await perform(
      .addNeed(reference, kind, responsible: request.responsible, note: request.note), caller.author(as: .executor, in: stored.office),
      scope,
      request.idempotencyKey, request.digest, request.etag, context)
  }

  private func perform(
    _ command: RegisterCommand, _ author: Author, _ scope: Scope, _ key: String?, _ digest: String, _ etag: String?, _ context: CallContext
  ) async throws(Status) -> NeedResponse {
    let today = access.today
    let request = CommandRequest(
      author: author, scope: scope, method: context.method.name, key: key, digest: Array(digest.utf8), etag: etag, day: today
    ) { effect in
      guard case .need(let need) = effect else { return [] }
      var buffer = ByteBuffer()
      NeedResponse(need: AftercareNeed(need, on: today)).encode(into: &buffer)
      return Array(buffer.readableBytesView)
    }
    let answer: CommandAnswer
    do throws(RegisterError) {
      answer = try await access.register.perform(command, request)
    } catch {
      switch command {
      case .onNeed(let id, _): throw Aftercare.status(error, ofNeed: id)
      case .addNeed(let reference, _, _, _): throw Status(error, about: reference)
      default: throw Status(error)
      }
    }
    var response = try NeedResponse.decode(ByteBuffer(bytes: answer.bytes))
    response.replayed = answer.replayed ? true : nil
    return response
  }

  private static func status(_ error: RegisterError, ofNeed id: String) -> Status {
    let need = StatusDetail.resourceInfo(ResourceInfo(resourceType: "need", resourceName: Status.bounded(id)))
    switch error {
    case .notFound:
      return Status(
        .notFound, reason: ErrorReason.needNotFound, "There is no need \(Status.bounded(id)) for you. AftercareService/List lists them.",
        details: [need])
    case .staleEtag:
      var status = Status(error)
      status.details.append(need)
      return status
    default: return Status(error, about: id)
    }
  }
}

extension Scope {
  /// A need tells nothing of its case, so those of a sealed one are shown like any other.
  fileprivate var includingSealed: Scope {
    var scope = self
    scope.sealedOffices = offices
    return scope
  }
}
