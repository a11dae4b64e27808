// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
internal import NIOCore
internal import Synchronization

/// One call of `Estimate`, over the register or over the records of a file.
package struct EstimateRun: Sendable {
  package var request: EstimateRequest
  /// Nil: the register.
  package var file: InputFile?

  package init(request: EstimateRequest, file: InputFile?) {
    self.request = request
    self.file = file
    self.request.source = file == nil ? .register : .records
  }

  private static let method = RPCMethod<RawMessage, EstimateResponse>(EligibilityService.estimate.descriptor)

  /// - Parameter refused: told of each record that cannot be assessed.
  package func run(_ client: AmnestyClient, options: CallOptions, refused: (Status) throws -> Void) async throws -> EstimateReport {
    var meter = Meter(unit: "cases")
    defer { meter.finish() }
    let requests = Requests(first: self.request, lines: self.file.map { RecordLines($0) })
    let report = try await client.bidirectional(Self.method, requests, options: options) { responses -> EstimateReport? in
      var report: EstimateReport?
      for try await response in responses {
        if let progress = response.progress { meter.show(done: progress.done, of: progress.total ?? progress.done) }
        if let error = response.error { try refused(error.relativeToRecord) }
        if let last = response.report { report = last }
      }
      return report
    }
    guard let report else { throw Status(.internal, reason: "MISSING_ITEM", Text.estimateNoReport(.ofUser())) }
    return report
  }

  /// What to estimate, then the records as they stand in the file.
  private struct Requests: AsyncSequence, Sendable {
    let first: EstimateRequest
    let lines: RecordLines?

    struct Iterator: AsyncIteratorProtocol {
      var first: EstimateRequest?
      var lines: RecordLines.Iterator?

      mutating func next() async throws -> RawMessage? {
        if let first {
          self.first = nil
          var bytes = ByteBuffer()
          first.encode(into: &bytes)
          return RawMessage(bytes)
        }
        guard let line = try await self.lines?.next() else { return nil }
        var message = ByteBuffer()
        message.reserveCapacity(line.bytes.readableBytes + 16)
        message.writeString("{\"record\":")
        message.writeImmutableBuffer(line.bytes)
        message.writeString("}")
        return RawMessage(message)
      }
    }

    func makeAsyncIterator() -> Iterator { Iterator(first: self.first, lines: self.lines?.makeAsyncIterator()) }
  }
}
