// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

/// `amnesty.v1.PropagationService`: tells other registers that a conviction was removed, until each has confirmed.
package struct Propagations: PropagationServiceProvider {
  private let access: RegisterAccess

  package init(_ access: RegisterAccess) { self.access = access }

  /// A notice that was handed out and not confirmed is handed out again; this is only what the list of the unconfirmed is sorted by.
  private static let retryAfterMilliseconds: Int64 = 3_600_000

  package func list(_ request: ListNoticesRequest, context: CallContext) async throws(Status) -> ListNoticesResponse {
    let caller = access.caller(context)
    let scope = caller.scope(as: "auditor")
    var filter = PropagationFilter()
    filter.subscriber = request.subscriber
    filter.unconfirmedOnly = request.unconfirmed ?? false
    let (asked, page) = (filter, PageRequest(size: request.pageSize ?? 100, token: request.pageToken))
    let found = try await access.read { reading throws(RegisterError) in try reading.propagations(asked, page: page, scope: scope) }
    try access.noteRead(caller.reader(as: .auditor), context, subject: request.digest)
    return ListNoticesResponse(notices: found.items.map { Notice($0, person: nil) }, nextPageToken: found.nextToken)
  }

  /// The register that is told must find the person, so its notices name the person, whichever office the case is of.
  package func fetch(_ request: FetchNoticesRequest, context: CallContext) async throws(Status) -> ListNoticesResponse {
    let caller = access.caller(context)
    let subscriber = try caller.office(named: request.subscriber, as: "executor")
    var filter = PropagationFilter()
    filter.subscriber = subscriber
    filter.unconfirmedOnly = true
    let (asked, page) = (filter, PageRequest(size: request.limit ?? 100))
    let (found, records) = try await access.read { reading throws(RegisterError) in
      let found = try reading.propagations(asked, page: page, scope: .everything)
      return (found, try reading.get(found.items.map(\.reference), scope: .everything))
    }
    let author = caller.author(as: .executor, in: subscriber)
    var response = ListNoticesResponse(notices: [], nextPageToken: nil)
    for (notice, stored) in zip(found.items, records) {
      try access.noteRead(author, context, subject: notice.reference)
      let person = try stored.map { (stored) throws(Status) in try RecordIntake.message(stored.record, of: notice.reference).person }
      response.notices.append(Notice(notice, person: person ?? nil))
    }
    do throws(RegisterError) {
      let again = access.now.adding(milliseconds: Propagations.retryAfterMilliseconds)
      for notice in found.items {
        try await access.register.maintenance.recordAttempt(propagation: notice.id, error: nil, nextAttemptAt: again)
      }
    } catch {
      throw Status(error)
    }
    return response
  }

  package func acknowledge(_ request: AcknowledgeNoticeRequest, context: CallContext) async throws(Status) -> NoticeResponse {
    let caller = access.caller(context)
    let id = Int64(request.id)
    let found = try await access.read { reading throws(RegisterError) in
      try reading.propagation(id)
    }
    guard let found, caller.roles(in: found.subscriber).contains("executor") else {
      throw Status(
        .notFound, reason: ErrorReason.noticeNotFound, "There is no notice \(request.id) for you. PropagationService/Fetch gives yours.",
        details: [.resourceInfo(ResourceInfo(resourceType: "notice", resourceName: String(request.id)))])
    }
    let command = CommandRequest(
      author: caller.author(as: .executor, in: found.subscriber), scope: .everything, method: context.method.name,
      key: request.idempotencyKey,
      digest: Array(request.digest.utf8), day: access.today
    ) { effect in
      guard case .acknowledged(let notice) = effect else { return [] }
      var buffer = ByteBuffer()
      NoticeResponse(notice: Notice(notice, person: nil)).encode(into: &buffer)
      return Array(buffer.readableBytesView)
    }
    do throws(RegisterError) {
      let answer = try await access.register.perform(.acknowledge(propagation: id, subscriber: found.subscriber), command)
      return try Propagations.response(answer)
    } catch {
      throw Status(error)
    }
  }

  private static func response(_ answer: CommandAnswer) throws(RegisterError) -> NoticeResponse {
    do throws(Status) {
      return try NoticeResponse.decode(ByteBuffer(bytes: answer.bytes))
    } catch {
      throw .unavailable(Unavailability(.corrupt, message: error.message))
    }
  }
}

extension Notice {
  fileprivate init(_ propagation: Propagation, person: Person?) {
    self.init(
      id: Int(propagation.id), kind: .init(word: propagation.kind.rawValue), reference: propagation.reference,
      subscriber: propagation.subscriber,
      createdAt: propagation.createdAt.text, attempts: propagation.attempts, acknowledgedAt: propagation.acknowledgedAt?.text,
      person: person)
  }
}
