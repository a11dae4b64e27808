// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import NIOCore
internal import Testing

/// The services over the acts of the repository, with a clock that stands still on 2022-12-01 in Almaty.
struct ServiceFixture {
  static let amnesty2022 = "kz-2022-152-vii"

  let acts: ActsInForce
  let eligibility: Eligibility

  init() throws {
    acts = ActsInForce(try ServiceFixture.snapshot())
    eligibility = Eligibility(acts)
  }

  static var folder: String { #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/acts" }

  static func snapshot(now: Int64 = 1_669_874_400) throws -> ActSnapshot {
    let result = ActFolder.load(folder)
    return ActSnapshot(try #require(result.library, "\(result.problems)"), clock: WallClock { now })
  }

  static func context(_ method: MethodDescriptor = EligibilityService.assess.descriptor) -> CallContext {
    CallContext(method: method, peer: PeerIdentity(uid: 0, gid: 0, pid: 1))
  }

  /// Sends bytes through a registered method as a transport does.
  func call(_ method: MethodDescriptor, _ body: String, in registration: ServiceRegistration? = nil) throws(Status) -> String {
    var output = ByteBuffer()
    try handler(method, in: registration)(ServiceFixture.context(method), ByteBuffer(string: body), &output)
    return String(buffer: output)
  }

  func handler(
    _ method: MethodDescriptor, in registration: ServiceRegistration? = nil
  ) throws(Status) -> @Sendable (CallContext, ByteBuffer, inout ByteBuffer) throws(Status) -> Void {
    let handlers = (registration ?? eligibility.registration).methods
    guard case .inline(let handler)? = handlers.first(where: { $0.0 == method })?.1 else {
      throw .unimplemented(method: method.name)
    }
    return handler
  }

  func assess(_ record: String, _ rest: String = "") throws(Status) -> Assessment {
    try eligibility.assess(AssessRequest(json: #"{"record":\#(record)\#(rest)}"#), context: ServiceFixture.context()).assessment
  }

  /// Why a record was refused.
  func refusal(_ record: String, _ rest: String = "") throws -> Status {
    do throws(Status) {
      let assessment = try assess(record, rest)
      Issue.record("was assessed as \(assessment.outcome)")
      throw Status(.unknown, "")
    } catch {
      return error
    }
  }
}

/// The example of the data contract, with members replaced or added by JSON text; nil leaves a member out.
struct SampleRecord {
  var members: [(String, String?)] = [
    ("reference", #""SYN-0001""#), ("person", #"{"iin":"123456789013","familyName":"Synthetic","bornOn":"1995-03-02"}"#),
    ("stage", #""sentenced""#), ("recidivism", #""none""#), ("objectsToTermination", "false"), ("offences", "[\(SampleRecord.offence)]"),
    ("sentence", SampleRecord.sentence), ("detained", "true"),
  ]

  static let offence =
    #"{"id":"1","article":"202","part":2,"gravity":"grave","committedFrom":"2022-01-05","committedThrough":"2022-01-05","territory":"KZ","nexus":"riot","classes":[],"sentence":{"kind":"imprisonment","term":"P5Y"}}"#
  static let sentence =
    #"{"imposedOn":"2022-06-10","kind":"imprisonment","term":"P5Y","startsOn":"2022-01-10","creditDays":0,"aggregation":"single","servedOn":null}"#

  func with(_ name: String, _ value: String?) -> SampleRecord {
    var copy = self
    if let index = copy.members.firstIndex(where: { $0.0 == name }) {
      copy.members[index].1 = value
    } else {
      copy.members.append((name, value))
    }
    return copy
  }

  var json: String {
    "{" + members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",") + "}"
  }

  static func offence(_ changes: [String: String]) -> String { merged(offence, changes) }
  static func sentence(_ changes: [String: String]) -> String { merged(sentence, changes) }

  /// Replaces or adds top members of a flat object by text.
  private static func merged(_ object: String, _ changes: [String: String]) -> String {
    var text = object
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      if let range = text.range(of: "\"\(name)\":") {
        let rest = text[range.upperBound...]
        // The members that tests replace hold no comma or bracket of their own, except an empty list.
        let end = rest.firstIndex { $0 == "," || $0 == "}" } ?? rest.endIndex
        text.replaceSubrange(range.upperBound..<end, with: value)
      } else {
        text = String(text.dropLast()) + ",\"\(name)\":\(value)}"
      }
    }
    return text
  }
}
