// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import NIOCore

/// A request to assess a record, under the acts of the repository: it is answered or refused; by the short cut of the server and by the message
/// alike; and what is answered can be read.
enum AssessTarget {
  private static let eligibility: Eligibility? = {
    let folder = RepositoryFolder.path("acts")
    return ActFolder.load(folder).library.map { Eligibility(ActsInForce(ActSnapshot($0, clock: WallClock { 1_669_874_400 }))) }
  }()

  private static let context = CallContext(
    method: EligibilityService.assess.descriptor, peer: PeerIdentity(uid: 0, gid: 0, pid: 1))

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    guard let eligibility = Self.eligibility else { throw Discrepancy("the acts of the repository cannot be loaded") }
    let body = ByteBuffer(bytes: bytes)
    let served = Self.outcome { () throws(Status) in
      var output = ByteBuffer()
      let methods = eligibility.registration.methods
      guard case .inline(let handler)? = methods.first(where: { $0.0 == EligibilityService.assess.descriptor })?.1 else {
        throw .unimplemented(method: EligibilityService.assess.descriptor.name)
      }
      try handler(Self.context, body, &output)
      return output
    }
    let read = Self.outcome { () throws(Status) in
      var output = ByteBuffer()
      try eligibility.assess(AssessRequest.decode(body), context: Self.context).encode(into: &output)
      return output
    }
    try requireEqual(served, read, "served, and read as a message")
    if case .answer(let text) = served { try Self.checkAnswer(text) }
    return .worthKeeping
  }

  /// A client can read it; days are in their order.
  private static func checkAnswer(_ text: String) throws(Discrepancy) {
    let assessment: Assessment
    do throws(Status) {
      assessment = try AssessResponse(json: text).assessment
    } catch {
      throw Discrepancy("the answer cannot be read: \(error)\n  \(text)")
    }
    let sentence = assessment.sentence
    if let newEnd = sentence?.newEnd, let originalEnd = sentence?.originalEnd {
      try require(newEnd <= originalEnd, "the new end \(newEnd) is behind the original one, \(originalEnd)")
    }
  }

  private enum Outcome: Equatable {
    case answer(String)
    case refusal(Status)
  }

  private static func outcome(_ body: () throws(Status) -> ByteBuffer) -> Outcome {
    do throws(Status) {
      return .answer(String(buffer: try body()))
    } catch {
      return .refusal(error)
    }
  }
}
