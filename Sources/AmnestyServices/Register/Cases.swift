// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

/// `amnesty.v1.CaseService`: the register of cases.
package struct Cases: CaseServiceProvider {
  let access: RegisterAccess

  package init(_ access: RegisterAccess) { self.access = access }

  /// `Get` is asked for most: it is read and written on the reader's thread.
  package var registration: ServiceRegistration {
    (self as any CaseServiceProvider).registration.with(
      .submitted { context, body, answer in
        do throws(Status) {
          try submitGet(GetCaseRequest.decode(body), context) { result in
            answer(
              result.map {
                var output = ByteBuffer()
                $0.encode(into: &output)
                return output
              })
          }
        } catch {
          answer(.failure(error))
        }
      }, for: CaseService.get.descriptor)
  }

  // MARK: Queries

  package func get(_ request: GetCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let result = await withCheckedContinuation { continuation in
      submitGet(request, context) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  private func submitGet(
    _ request: GetCaseRequest, _ context: CallContext, _ answer: @escaping @Sendable (Result<CaseResponse, Status>) -> Void
  ) {
    let caller = access.caller(context)
    let scope = caller.scope
    let reference = request.reference
    access.register.submitRead { reading in
      do throws(Status) {
        let found: Found
        do throws(RegisterError) { found = try Found(reference, in: reading.get(), scope) } catch {
          throw Status(error, about: reference)
        }
        let office = found.stored.office
        try access.noteRead(caller.reader(as: .viewer, office: office), context, subject: reference)
        var message = try access.view.message(found.stored, assessment: found.assessment, needs: found.needs, linked: found.linked)
        message.show(to: caller.roles(in: office))
        answer(.success(CaseResponse(case: message)))
      } catch {
        answer(.failure(error))
      }
    }
  }

  /// What `Get` reads from one snapshot.
  private struct Found: Sendable {
    var stored: StoredCase
    var assessment: [UInt8]?
    var needs: [Need]?
    var linked: [String]?

    init(_ reference: String, in reading: any RegisterReading, _ scope: Scope) throws(RegisterError) {
      stored = try reading.get(reference, scope: scope)
      assessment = try stored.chain.assessment.map { (it) throws(RegisterError) in
        try reading.assessment(of: reference, number: it.number, scope: scope).assessment.stamp.bytes
      }
      needs = stored.chain.execution == nil ? nil : try Found.needs(of: reference, reading, scope)
      linked =
        stored.columns.personKey == nil
        ? nil : try reading.proceedings(ofPersonIn: reference, scope: scope).map(\.reference).filter { $0 != reference }
    }

    private static func needs(of reference: String, _ reading: any RegisterReading, _ scope: Scope) throws(RegisterError) -> [Need] {
      var filter = NeedFilter()
      filter.reference = reference
      return try reading.needs(filter, page: PageRequest(size: 100), scope: scope).items
    }
  }

  package func batchGet(_ request: BatchGetCasesRequest, context: CallContext) async throws(Status) -> BatchGetCasesResponse {
    let caller = access.caller(context)
    let scope = caller.scope
    let references = request.references
    let found = try await access.read { reading throws(RegisterError) in try reading.get(references, scope: scope) }
    var response = BatchGetCasesResponse(cases: [], missing: [])
    let view = access.view
    for (reference, stored) in zip(references, found) {
      guard let stored else {
        response.missing.append(reference)
        continue
      }
      try access.noteRead(caller.reader(as: .viewer, office: stored.office), context, subject: reference)
      var message = try view.message(stored)
      message.show(to: caller.roles(in: stored.office))
      response.cases.append(message)
    }
    return response
  }

  package func list(_ request: ListCasesRequest, context: CallContext) async throws(Status) -> ListCasesResponse {
    let caller = access.caller(context)
    let scope = caller.scope
    let view = access.view
    let filter = CaseFilter(
      stage: request.stage, state: request.state, outcome: request.outcome, gravity: request.gravity, article: request.article,
      detained: request.detained, overdue: request.overdue, assignedTo: request.assignedTo, office: request.office, today: view.day)
    let order: AmnestyRegister.CaseOrder =
      switch request.orderBy {
      case .updated: .updated
      case .deadline: .deadline
      default: .reference
      }
    let page = PageRequest(size: request.pageSize ?? 100, token: request.pageToken)
    let found = try await access.read { reading throws(RegisterError) in try reading.list(filter, order: order, page: page, scope: scope) }
    try access.noteRead(caller.reader(as: .viewer, office: request.office), context, subject: request.digest)
    return ListCasesResponse(
      cases: try found.items.map { (stored) throws(Status) in try view.summary(stored) }, nextPageToken: found.nextToken)
  }

  package func search(_ request: SearchCasesRequest, context: CallContext) async throws(Status) -> SearchCasesResponse {
    let caller = access.caller(context)
    var scope = caller.scope
    if let office = request.office { scope = scope.narrowed(to: office) }
    let (words, limit, narrowed, numbers) = (request.query, request.limit ?? 50, scope, caller.showingNumbers)
    let found = try await access.read { reading throws(RegisterError) in
      try reading.search(words, limit: limit, scope: narrowed, numbers: numbers)
    }
    try access.noteRead(caller.reader(as: .viewer, office: request.office), context, subject: request.digest)
    let view = access.view
    return SearchCasesResponse(
      cases: try found.cases.map { (stored) throws(Status) in try view.summary(stored) }, truncated: found.truncated)
  }

  package func summary(_ request: SummarizeCasesRequest, context: CallContext) async throws(Status) -> SummarizeCasesResponse {
    let scope = access.caller(context).scope
    var filter = CaseFilter()
    if let office = request.office { filter.offices = [office] }
    if let stage = request.stage { filter.stages = [stage.word] }
    let asked = filter
    let counts = try await access.read { reading throws(RegisterError) in try reading.summary(asked, scope: scope) }
    return SummarizeCasesResponse(
      cases: counts.total,
      byState: AmnestyRegister.CaseState.allCases.compactMap { state in counts.states[state].map { Count(word: state.rawValue, count: $0) }
      },
      byOutcome: AssessmentOutcome.allCases.compactMap { outcome in
        counts.outcomes[outcome].map { Count(word: outcome.rawValue, count: $0) }
      },
      byMeasure: counts.measures.sorted { $0.key < $1.key }.map { Count(word: $0.key, count: $0.value) }, detained: counts.detained,
      departures: counts.departures, reassessmentDue: counts.reassessmentDue)
  }

  package func history(_ request: CaseHistoryRequest, context: CallContext) async throws(Status) -> CaseHistoryResponse {
    let caller = access.caller(context)
    let scope = caller.scope
    let reference = request.reference
    let page = PageRequest(size: request.pageSize ?? 100, token: request.pageToken)
    let (office, links, versions) = try await access.read(about: reference) { reading throws(RegisterError) in
      let stored = try reading.get(reference, scope: scope)
      return (
        stored.office, try reading.links(of: reference, page: page, scope: scope),
        page.token == nil ? try reading.recordVersions(of: reference, scope: scope) : []
      )
    }
    try access.noteRead(caller.reader(as: .viewer, office: office), context, subject: reference)
    var response = CaseHistoryResponse(
      links: links.items.map { CaseLink($0) },
      versions: try versions.map { (version) throws(Status) in try AmnestyWire.RecordVersion(version, of: reference) },
      nextPageToken: links.nextToken)
    var masked: [String] = []
    response.mask(for: caller.roles(in: office), into: &masked)
    return response
  }
}

extension Scope {
  func narrowed(to office: String) -> Scope {
    var scope = self
    scope.offices = (offices?.contains(office) ?? true) ? [office] : []
    return scope
  }
}

extension CaseFilter {
  /// The filter that lists and exports share.
  init(
    stage: AmnestyWire.Stage?, state: AmnestyWire.CaseState?, outcome: Outcome?, gravity: Gravity?, article: String?, detained: Bool?,
    overdue: Bool?,
    assignedTo: String?, office: String?, today: Day
  ) {
    self.init()
    if let stage { stages = [stage.word] }
    if let state { states = AmnestyRegister.CaseState(rawValue: state.word).map { [$0] } ?? [] }
    if let outcome { outcomes = AssessmentOutcome(rawValue: outcome.word).map { [$0] } ?? [] }
    self.gravity = gravity?.word
    self.article = article
    self.detained = detained
    if let overdue { if overdue { overdueOn = today } else { inTimeOn = today } }
    switch assignedTo {
    case "": unassigned = true
    default: self.assignedTo = assignedTo
    }
    if let office { offices = [office] }
  }
}

extension CaseLink {
  init(_ link: Link) {
    self.init(
      number: link.number, command: .init(word: link.kind.rawValue), by: Attribution(link.author, at: link.at),
      from: link.from.map { .init($0) },
      to: .init(link.to), actDigest: link.actDigest, recordDigest: link.factsDigest, assessment: link.assessment, departs: link.departs,
      reason: link.reason, readings: .init(link.readings))
  }
}

extension AmnestyWire.RecordVersion {
  init(_ version: AmnestyRegister.RecordVersion, of reference: String) throws(Status) {
    self.init(
      version: version.number, recordDigest: version.digest, by: Attribution(version.author, at: version.recordedAt),
      sources: version.sources.map { .init(pointer: $0.pointer, source: $0.source, learntOn: $0.learntOn?.text) }, reason: version.reason,
      record: try RecordIntake.message(version.bytes, of: reference))
  }
}
