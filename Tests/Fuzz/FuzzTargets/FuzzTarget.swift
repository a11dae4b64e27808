// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What is run on bytes of any kind: a claim about the program that must hold whatever they are.
package struct FuzzTarget: Sendable {
  /// What came of one input that bore the claim out.
  package enum Verdict: Sendable {
    case worthKeeping
    /// Nothing was tried: the bytes are no input of this target.
    case noInput
  }

  package typealias Body = @Sendable (UnsafeRawBufferPointer) throws(Discrepancy) -> Verdict

  /// Names the folders of its seeds and fail cases.
  package let name: String
  package let run: Body

  init(_ name: String, _ run: @escaping Body) {
    self.name = name
    self.run = run
  }
}

extension FuzzTarget {
  package static let all: [FuzzTarget] = [
    FuzzTarget("frames", FramesTarget.run),
    FuzzTarget("lines", LinesTarget.run),
    FuzzTarget("heads", HeadsTarget.run),
    FuzzTarget("json", JSONTarget.run),
    FuzzTarget("json-foundation", FoundationTarget.run),
    FuzzTarget("messages", MessagesTarget.run),
    FuzzTarget("assess", AssessTarget.run),
    FuzzTarget("acts", ActsTarget.run),
    FuzzTarget("examples", ExamplesTarget.run),
    FuzzTarget("terms", TermsTarget.run),
    FuzzTarget("server", ServerTarget.run),
    FuzzTarget("client", ClientTarget.run),
    FuzzTarget("stream", StreamTarget.run),
  ]

  package static func named(_ name: String) -> FuzzTarget? { self.all.first { $0.name == name } }
}

/// The program and the claim disagree.
package struct Discrepancy: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ claim: @autoclosure () -> String) throws(Discrepancy) {
  guard holds else { throw Discrepancy(claim()) }
}

func requireEqual<Value: Equatable>(_ left: Value, _ right: Value, _ claim: @autoclosure () -> String) throws(Discrepancy) {
  guard left == right else { throw Discrepancy("\(claim()):\n  \(left)\n  \(right)") }
}
