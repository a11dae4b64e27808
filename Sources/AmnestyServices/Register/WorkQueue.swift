// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire

/// `amnesty.v1.WorkService`: what waits for whom, and the clocks.
package struct WorkQueue: WorkServiceProvider {
  private let access: RegisterAccess

  package init(_ access: RegisterAccess) { self.access = access }

  package func list(_ request: ListWorkRequest, context: CallContext) async throws(Status) -> ListWorkResponse {
    let caller = access.caller(context)
    let scope = caller.scope
    let view = access.view
    var filter = WorkFilter()
    filter.office = request.office
    if let clock = request.clock { filter.clock = try kind(clock) }
    if request.person == "" { filter.unassigned = true } else { filter.assignedTo = request.person }
    let (asked, page) = (filter, PageRequest(size: request.pageSize ?? 100, token: request.pageToken))
    let found = try await access.read { reading throws(RegisterError) in try reading.work(asked, page: page, scope: scope) }
    try access.noteRead(caller.reader(as: .viewer, office: request.office), context, subject: request.digest)
    var items: [WorkItem] = []
    for stored in found.items {
      let clock = CaseClocks.shown(stored.clocks, asked: asked.clock, on: view.day)
      guard let next = stored.next else { continue }
      items.append(
        WorkItem(
          case: try view.summary(stored), nextCommand: next.command, role: next.role, clock: clock.map { .init($0, on: view.day) }))
    }
    return ListWorkResponse(items: items, nextPageToken: found.nextToken)
  }

  package func whoAmI(_ request: WhoAmIRequest, context: CallContext) async throws(Status) -> WhoAmIResponse {
    access.caller(context).whoAmI
  }

  package func factPlan(
    _ request: FactPlanRequest, context: CallContext, responses: ResponseSender<FactPlanResponse>
  ) async throws(Status) {
    try await FactPlanning(access).run(request, context, responses)
  }

  package func pause(_ request: PauseClockRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let clock = try kind(request.clock)
    return try await access.command(.pauseClock, RegisterAccess.Envelope(request), context) { _ in
      .pauseClock(clock, reason: request.reason)
    }
  }

  package func resume(_ request: ResumeClockRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let clock = try kind(request.clock)
    return try await access.command(.resumeClock, RegisterAccess.Envelope(request), context) { _ in
      .resumeClock(clock, reason: request.reason)
    }
  }

  private func kind(_ clock: AmnestyWire.ClockKind) throws(Status) -> AmnestyRegister.ClockKind {
    guard let kind = AmnestyRegister.ClockKind(rawValue: clock.word) else {
      throw .invalidField([FieldViolation(field: "/clock", description: "is no clock of this register")])
    }
    return kind
  }
}
