// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

// Taking cases in, and correcting them.

extension Cases {
  package func register(_ request: RegisterCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let caller = access.caller(context)
    let office = try caller.office(named: request.office, as: "registrar")
    let record = try RecordIntake(acts: access.acts.current, today: access.today).take(request.record, sources: request.sources)
    let view = access.view
    let command = CommandRequest(
      author: caller.author(as: .registrar, in: office), scope: caller.scope, method: context.method.name, key: request.idempotencyKey,
      digest: Array(request.digest.utf8), day: view.day
    ) { effect in
      switch effect {
      case .registered(let stored, _), .changed(let stored, _): RegisterAccess.bytes(stored, view, assessment: nil)
      case .need, .acknowledged: []
      }
    }
    let answer: CommandAnswer
    do throws(RegisterError) {
      answer = try await access.register.perform(
        .register(NewCase(reference: request.record.reference, office: office, record: record)), command)
    } catch .alreadyExists(let reference) {
      throw await visible([reference], caller).isEmpty ? .taken(reference) : Status(.alreadyExists(reference: reference))
    } catch {
      throw Status(error, about: request.record.reference)
    }
    if answer.replayed { try await access.checkSight(of: request.record.reference, caller) }
    return try access.finish(answer, caller, office: office)
  }

  /// Which of the cases exist for the caller. Where the register cannot say, none.
  private func visible(_ references: [String], _ caller: Caller) async -> Set<String> {
    let scope = caller.scope
    let found = try? await access.register.read { reading throws(RegisterError) in try reading.get(references, scope: scope) }
    return Set((found ?? []).compactMap { $0?.reference })
  }

  package func update(_ request: UpdateCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(
      reference: request.record.reference, etag: request.etag, key: request.idempotencyKey, digest: request.digest)
    let intake = RecordIntake(acts: access.acts.current, today: access.today)
    return try await access.command(.update, envelope, context) { stored throws(Status) in
      let merged = try Cases.merge(request, into: stored)
      return .update(try intake.take(merged, sources: request.sources), reason: request.reason)
    }
  }

  /// The record after the update: the members that the mask names, or all of it.
  private static func merge(_ request: UpdateCaseRequest, into stored: StoredCase) throws(Status) -> AmnestyWire.CaseRecord {
    guard let mask = request.updateMask else { return request.record }
    var record = try RecordIntake.message(stored.record, of: stored.reference)
    var wrong: [FieldViolation] = []
    for (index, pointer) in mask.enumerated() {
      let tokens = pointer.split(separator: "/", omittingEmptySubsequences: false).map {
        String($0).replacing("~1", with: "/").replacing("~0", with: "~")
      }
      guard tokens.count > 1, tokens[0].isEmpty, tokens[1] != "reference", record.take(tokens.dropFirst(), from: request.record) else {
        wrong.append(
          FieldViolation(
            field: "/updateMask/\(index)",
            description: "names no member that can be taken; write a JSON Pointer into the record, such as /sentence/term"))
        continue
      }
    }
    if !wrong.isEmpty { throw .invalidField(wrong) }
    return record
  }

  // MARK: Import

  /// As many items as are taken into one transaction, at most; fewer when no more have come yet.
  private static let batch = 500

  package func `import`(
    _ requests: RequestMessages<ImportCaseRequest>, context: CallContext, responses: ResponseSender<ImportCaseResponse>
  ) async throws(Status) {
    let caller = access.caller(context)
    let (failures, failed) = AsyncStream<Status>.makeStream()
    let failure = await withTaskGroup(of: Status?.self) { group -> Status? in
      group.addTask {
        await taken(requests, caller, failed) { batch throws(Status) in try await store(batch, caller, context, responses) }
      }
      // A batch that cannot be stored ends the call at once, though the client may be waiting for its results before it sends more.
      group.addTask { await failures.first { _ in true } }
      var failure = await group.next() ?? nil
      failed.finish()
      group.cancelAll()
      // Whichever ended first: the call is OK only if neither has a failure.
      while let other = await group.next() { failure = failure ?? other }
      return failure
    }
    if let failure { throw failure }
  }

  /// Takes what comes, in batches: while one is on its way to the disk, the next one gathers.
  private func taken(
    _ requests: RequestMessages<ImportCaseRequest>, _ caller: Caller, _ failed: AsyncStream<Status>.Continuation,
    _ store: @escaping @Sendable (ImportBatch) async throws(Status) -> Void
  ) async -> Status? {
    await withTaskGroup(of: Status?.self) { group -> Status? in
      var iterator = requests.makeAsyncIterator()
      var index = 0
      while true {
        let batch: ImportBatch
        do throws(Status) {
          batch = try await gather(&iterator, from: index, caller)
        } catch {
          return error
        }
        // Results keep the order of the items.
        if let failure = await group.next() ?? nil { return failure }
        if batch.count == 0 { return nil }
        index += batch.count
        group.addTask {
          do throws(Status) {
            try await store(batch)
            return nil
          } catch {
            failed.yield(error)
            return error
          }
        }
      }
    }
  }

  /// Waits for an item, and takes with it what has come; nothing waits for a batch to fill. Empty at the end.
  private func gather(
    _ iterator: inout RequestMessages<ImportCaseRequest>.AsyncIterator, from index: Int, _ caller: Caller
  ) async throws(Status) -> ImportBatch {
    let intake = RecordIntake(acts: access.acts.current, today: access.today)
    var batch = ImportBatch(first: index)
    while batch.count < Cases.batch, batch.count == 0 || iterator.isWaiting {
      do throws(Status) {
        guard let item = try await iterator.next() else { break }
        // One mistake of the call, which each record would repeat.
        if index + batch.count == 0, item.office == nil { _ = try caller.office(named: nil, as: "registrar") }
        batch.add(item, caller, intake)
      } catch  where error.code == .invalidArgument {
        // A record that cannot be read has its error in its place; the stream goes on.
        batch.fail(error)
      }
    }
    return batch
  }

  private func store(
    _ batch: ImportBatch, _ caller: Caller, _ context: CallContext, _ responses: ResponseSender<ImportCaseResponse>
  ) async throws(Status) {
    var results: [AmnestyRegister.ImportResult] = []
    if !batch.cases.isEmpty {
      let request = ImportRequest(
        author: caller.author(as: .registrar, in: batch.cases.first?.office ?? ""), scope: caller.scope, method: context.method.name,
        day: access.today,
        mode: .report)
      do throws(RegisterError) {
        results = try await access.register.importBatch(batch.cases, request)
      } catch {
        // Nothing of the batch is kept: the stream ends with the reason, and is sent again from its first unanswered item.
        throw Status(error)
      }
    }
    let existing = results.compactMap { if case .failed(.alreadyExists(let reference)) = $0 { reference } else { nil } }
    let seen = existing.isEmpty ? [] : await visible(existing, caller)
    var next = results.makeIterator()
    for (offset, place) in batch.places.enumerated() {
      let index = batch.first + offset
      switch place {
      case .refused(let reference, let status):
        try await responses.send(ImportCaseResponse(index: index, reference: reference, status: status, result: .failed))
      case .taken(let reference):
        guard let result = next.next() else { continue }
        if case .failed(.alreadyExists) = result, !seen.contains(reference) {
          try await responses.send(ImportCaseResponse(index: index, reference: reference, status: .taken(reference), result: .failed))
        } else {
          try await responses.send(ImportCaseResponse(result, index: index, reference: reference))
        }
      }
    }
  }
}

/// Items of an import that are stored together.
private struct ImportBatch {
  enum Place {
    case taken(reference: String)
    case refused(reference: String?, Status)
  }

  let first: Int
  private(set) var places: [Place] = []
  private(set) var cases: [NewCase] = []

  var count: Int { places.count }

  init(first: Int) { self.first = first }

  mutating func fail(_ status: Status) { places.append(.refused(reference: nil, status)) }

  mutating func add(_ item: ImportCaseRequest, _ caller: Caller, _ intake: RecordIntake) {
    let reference = item.record.reference
    do throws(Status) {
      let office = try caller.office(named: item.office, as: "registrar")
      let record = try intake.take(item.record, sources: item.sources)
      cases.append(NewCase(reference: reference, office: office, record: record))
      places.append(.taken(reference: reference))
    } catch {
      places.append(.refused(reference: reference, error))
    }
  }
}

extension ImportCaseResponse {
  fileprivate init(_ result: AmnestyRegister.ImportResult, index: Int, reference: String) {
    let ok = Status(.ok, "")
    switch result {
    case .created: self.init(index: index, reference: reference, status: ok, result: .registered)
    case .corrected: self.init(index: index, reference: reference, status: ok, result: .updated)
    case .unchanged: self.init(index: index, reference: reference, status: ok, result: .unchanged)
    case .failed(let error): self.init(index: index, reference: reference, status: Status(error, about: reference), result: .failed)
    }
  }
}
