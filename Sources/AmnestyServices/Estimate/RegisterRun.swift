// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// A run over the records of the register under some acts: the next page is read while this one is assessed.
struct RegisterRun: Sendable {
  let access: RegisterAccess
  let acts: [ServedAct]
  let snapshot: ActSnapshot
  let asOf: Day
  let scope: Scope

  private static let page = 500

  /// How many cases the run will see, withdrawn ones included.
  func total() async throws(Status) -> Int {
    let scope = scope
    return try await access.read { reading throws(RegisterError) in try reading.summary(CaseFilter(), scope: scope).total }
  }

  /// - Parameter body: called with a page of records, each with its facts under each act; those of a record that cannot be assessed are nil.
  func pages(_ body: ([(record: CurrentRecord, facts: [CaseFacts]?)]) async throws(Status) -> Void) async throws(Status) {
    var records = try await page(after: nil).get()
    while let last = records.last {
      async let following = page(after: last.reference)
      try await body(records.map { ($0, facts($0)) })
      records = try await following.get()
    }
  }

  private func page(after reference: String?) async -> Result<[CurrentRecord], Status> {
    let scope = scope
    do throws(Status) {
      return .success(
        try await access.read { reading throws(RegisterError) in
          try reading.records(after: reference, limit: RegisterRun.page, scope: scope)
        })
    } catch {
      return .failure(error)
    }
  }

  private func facts(_ record: CurrentRecord) -> [CaseFacts]? {
    if let scanned = record.bytes.withUnsafeBytes({ scannedFacts($0) }) { return scanned }
    guard let message = try? AmnestyWire.CaseRecord.decode(ByteBuffer(bytes: record.bytes)) else { return nil }
    return facts(message)
  }

  private func scannedFacts(_ bytes: UnsafeRawBufferPointer) -> [CaseFacts]? {
    var scan = AmnestyWire.CaseRecord.Scan()
    guard AmnestyWire.CaseRecord.scan(bytes, into: &scan) else { return nil }
    var facts: [CaseFacts] = []
    for act in acts {
      guard let own = CaseFacts.scanned(scan, in: bytes, under: act) else { return nil }
      facts.append(own)
    }
    return facts
  }

  private func facts(_ record: AmnestyWire.CaseRecord) -> [CaseFacts]? {
    try? acts.map { try CaseFacts(record, under: $0, in: snapshot) }
  }
}
