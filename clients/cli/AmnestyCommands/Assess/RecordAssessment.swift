// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
internal import DequeModule
package import NIOCore
internal import Synchronization

/// Sends the records of a file through `AssessStream` and gives every answer back with the line it belongs to.
///
/// Where a daemon that restarts cuts the stream, it goes on with the first record that has no answer: answers come in the order of the
/// records, and assessing changes nothing.
package struct RecordAssessment: Sendable {
  /// A record of the file.
  package struct Entry: Sendable {
    package var line: RecordLines.Line
    package var reference: String?
    /// Why it was not sent.
    package var failure: Status?
  }

  /// An answer: the item as it came, or why there is none.
  package enum Answer: Sendable {
    case item(ByteBuffer)
    case refused(Status)

    /// The assessment, or the error that stands in its place, with paths that start at the record.
    package func assessment() throws(Status) -> Result<Assessment, Status> {
      switch self {
      case .refused(let status): return .failure(status)
      case .item(let bytes):
        let response = try AssessStreamResponse.decode(bytes)
        if let assessment = response.assessment { return .success(assessment) }
        let error =
          response.error ?? Status(.internal, reason: "EMPTY_ITEM", Text.assessEmptyItem(.ofUser()))
        return .failure(error.relativeToRecord)
      }
    }
  }

  package var file: InputFile
  package var actID: String?
  package var asOf: String?
  package var explain: Bool

  package init(file: InputFile, actID: String? = nil, asOf: String? = nil, explain: Bool) {
    self.file = file
    self.actID = actID
    self.asOf = asOf
    self.explain = explain
  }

  private static let method = RPCMethod<RawMessage, RawMessage>(EligibilityService.assessStream.descriptor)

  /// Calls `body` once for each record, in the order of the file.
  package func run(
    _ client: AmnestyClient, options: CallOptions, _ body: (Entry, Answer) async throws -> Void
  ) async throws {
    let source = Source(RecordLines(self.file))
    let pending = Pending()
    var tries = 0
    while true {
      let before = pending.answered
      do {
        return try await self.attempt(client, options: options, source, pending, body)
      } catch let status as Status where status.isCut {
        // As long as some are answered in between, it goes on.
        tries = pending.answered > before ? 1 : tries + 1
        guard tries <= Self.triesWithoutProgress else { throw status }
        try await Task.sleep(for: max(.milliseconds(status.retryInfo?.retryDelayMilliseconds ?? 0), .milliseconds(50 << tries)))
      }
    }
  }

  private static let triesWithoutProgress = 6

  /// One stream, from the first record without an answer on.
  private func attempt(
    _ client: AmnestyClient, options: CallOptions, _ source: Source, _ pending: Pending, _ body: (Entry, Answer) async throws -> Void
  ) async throws {
    let requests = Requests(again: pending.waiting, source: source, pending: pending, envelope: self.envelope)
    try await client.bidirectional(Self.method, requests, options: options) { responses in
      for try await response in responses {
        while let entry = pending.next() {
          guard let failure = entry.failure else {
            try await body(entry, .item(response.bytes))
            break
          }
          try await body(entry, .refused(failure))
        }
      }
      while let entry = pending.next() {
        try await body(
          entry, .refused(entry.failure ?? Status(.internal, reason: "MISSING_ITEM", Text.assessMissingItem(.ofUser()))))
      }
    }
  }

  /// What stands before and after a record in its request.
  private var envelope: (before: String, after: String) {
    var after = ",\"explain\":\(self.explain)"
    if let actID = self.actID { after += ",\"actId\":" + RawMessage.quoted(actID) }
    if let asOf = self.asOf { after += ",\"asOf\":" + RawMessage.quoted(asOf) }
    return ("{\"record\":", after + "}")
  }

  /// The records that were read and not answered, oldest first.
  private final class Pending: Sendable {
    private struct State {
      var entries: Deque<Entry> = []
      var answered = 0
    }

    private let state = Mutex(State())

    func add(_ entry: Entry) { self.state.withLock { $0.entries.append(entry) } }

    /// The next to be answered, which it is with this.
    func next() -> Entry? {
      self.state.withLock { state in
        guard let entry = state.entries.popFirst() else { return nil }
        state.answered += 1
        return entry
      }
    }

    /// How many were answered so far.
    var answered: Int { self.state.withLock { $0.answered } }
    /// Those that were sent and not answered.
    var waiting: Deque<Entry> { self.state.withLock { $0.entries.filter { $0.failure == nil } } }
  }

  /// The lines of the file, read on where the last stream has left off.
  private final class Source: Sendable {
    private let lines: Mutex<RecordLines.Iterator>

    init(_ lines: RecordLines) { self.lines = Mutex(lines.makeAsyncIterator()) }

    /// For one reader at a time; what was read stays read also where it throws.
    func next() async throws -> RecordLines.Line? {
      var lines = self.lines.withLock { $0 }
      defer { self.lines.withLock { $0 = lines } }
      return try await lines.next()
    }
  }

  private struct Requests: AsyncSequence, Sendable {
    let again: Deque<Entry>
    let source: Source
    let pending: Pending
    let envelope: (before: String, after: String)

    struct Iterator: AsyncIteratorProtocol {
      var again: Deque<Entry>
      let source: Source
      let pending: Pending
      let envelope: (before: String, after: String)

      mutating func next() async throws -> RawMessage? {
        if let entry = self.again.popFirst() { return self.message(entry.line) }
        while let line = try await self.source.next() {
          var entry = Entry(line: line)
          switch JSONText.string("reference", of: line.bytes) {
          case .failure(let status): entry.failure = status
          case .success(let reference): entry.reference = reference
          }
          self.pending.add(entry)
          guard entry.failure == nil else { continue }
          return self.message(line)
        }
        return nil
      }

      private func message(_ line: RecordLines.Line) -> RawMessage {
        var message = ByteBuffer()
        message.reserveCapacity(line.bytes.readableBytes + 128)
        message.writeString(self.envelope.before)
        message.writeImmutableBuffer(line.bytes)
        message.writeString(self.envelope.after)
        return RawMessage(message)
      }
    }

    func makeAsyncIterator() -> Iterator {
      Iterator(again: self.again, source: self.source, pending: self.pending, envelope: self.envelope)
    }
  }
}

extension Status {
  /// Whether the daemon, or the connection, went away under a call.
  fileprivate var isCut: Bool { self.code == .unavailable && (self.reason == "DRAINING" || self.reason == "CONNECTION_LOST") }

  /// The same, with paths into the record instead of into the request that carried it.
  package var relativeToRecord: Status {
    var status = self
    status.details = self.details.map { detail in
      guard case .badRequest(var request) = detail else { return detail }
      for index in request.fieldViolations.indices where request.fieldViolations[index].field.hasPrefix("/record") {
        request.fieldViolations[index].field.removeFirst("/record".count)
      }
      return .badRequest(request)
    }
    return status
  }
}

extension RawMessage {
  /// Text as a JSON string.
  static func quoted(_ text: String) -> String {
    JSONText.quoted(text)
  }
}
