// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import RegisterConformance
internal import Testing

/// Every command in every state.
@Suite struct ChainTableTests {
  /// Where each command leads from each state, written down a second time; what is not here is refused.
  static let table: [LinkKind: [CaseState: CaseState]] = [
    .update: [
      .registered: .registered, .assessed: .registered, .referred: .registered, .proposed: .registered, .granted: .granted,
      .refused: .refused, .awaitingJudgment: .awaitingJudgment, .executed: .executed, .aftercare: .aftercare, .closed: .closed,
      .revoked: .revoked,
    ],
    .assess: [.registered: .assessed, .assessed: .assessed, .referred: .assessed, .revoked: .assessed],
    .resolveReferral: [.referred: .assessed],
    .propose: [.assessed: .proposed, .referred: .proposed],
    .sendBack: [.proposed: .assessed],
    .object: [.assessed: .assessed, .referred: .referred, .proposed: .proposed],
    .withdrawObjection: [:],
    .decide: [.proposed: .granted],
    .recordJudgment: [.awaitingJudgment: .executed],
    .execute: [.granted: .aftercare],
    .appeal: [
      .granted: .granted, .refused: .refused, .awaitingJudgment: .awaitingJudgment, .executed: .executed, .aftercare: .aftercare,
      .closed: .closed,
    ],
    .resolveAppeal: [:],
    .revoke: [
      .granted: .revoked, .refused: .revoked, .awaitingJudgment: .revoked, .executed: .revoked, .aftercare: .revoked, .closed: .revoked,
    ],
    .close: [.refused: .closed, .executed: .closed, .aftercare: .closed],
    .withdraw: [.registered: .withdrawn, .assessed: .withdrawn, .referred: .withdrawn, .proposed: .withdrawn],
    .assign: same(but: [.closed, .withdrawn]),
    .unassign: [:],
    .transfer: same(but: [.closed, .withdrawn]),
    .pauseClock: [.registered: .registered, .revoked: .revoked],
    .resumeClock: [:],
  ]

  static func same(but left: Set<CaseState>) -> [CaseState: CaseState] {
    Dictionary(uniqueKeysWithValues: CaseState.allCases.filter { !left.contains($0) }.map { ($0, $0) })
  }

  /// Each command well formed, by somebody who may give it and has done nothing before.
  static func commands(_ walk: ChainWalk) -> [(CaseCommand, Author)] {
    [
      (.update(Synthetic.record("another"), reason: "corrected"), Synthetic.author("clerk", .registrar)),
      (.assess(walk.stamp()), Synthetic.author("clerk", .preparer)),
      (.resolveReferral(reason: "the court's letter settles it"), Synthetic.author("head", .authority)),
      (.propose(.grant, measures: nil, reason: "for this reason"), Synthetic.author("clerk", .preparer)),
      (.sendBack(reason: "a paper is missing"), Synthetic.author("head", .authority)),
      (.object(note: "in writing"), Synthetic.author("clerk", .registrar)),
      (.withdrawObjection(note: nil), Synthetic.author("clerk", .registrar)),
      (Synthetic.decide(.grant, reason: "for this reason"), Synthetic.author("head", .authority)),
      (.recordJudgment(reference: "1-22/44", on: walk.day, term: nil), Synthetic.author("hand", .executor)),
      (.execute(newEnd: nil), Synthetic.author("hand", .executor)),
      (.appeal(.prosecutor, reason: "the article does not fit"), Synthetic.author("clerk", .registrar)),
      (.resolveAppeal(upheld: true, reason: "it does not"), Synthetic.author("head", .authority)),
      (.revoke(.other, reason: "for this reason"), Synthetic.author("head", .authority)),
      (.close(note: nil), Synthetic.author("head", .authority)),
      (.withdraw(reason: "registered twice"), Synthetic.author("clerk", .registrar)),
      (.assign(to: "somebody"), Synthetic.author("head", .authority)),
      (.unassign(reason: nil), Synthetic.author("head", .authority)),
      (.transfer(to: "astana", reason: "moved there"), Synthetic.author("head", .authority)),
      (.pauseClock(.assess, reason: "waiting for papers"), Synthetic.author("head", .authority)),
      (.resumeClock(.assess, reason: nil), Synthetic.author("head", .authority)),
    ]
  }

  @Test(arguments: CaseState.allCases) func everyCommandInEveryState(state: CaseState) throws {
    let walk = try ChainWalk.reaching(state)
    #expect(walk.chain.state == state)
    for (command, author) in ChainTableTests.commands(walk) {
      let expected = ChainTableTests.table[command.kind]?[state]
      let result = Result { () throws(RegisterError) in try walk.chain.applying(command, in: walk.context(author)) }
      switch result {
      case .success(let step):
        #expect(step.chain.state == expected, "\(command.kind) in \(state)")
        #expect(step.link.from == state && step.link.to == step.chain.state && step.link.kind == command.kind)
      case .failure(let error):
        #expect(expected == nil, "\(command.kind) in \(state): \(error)")
        if !CaseChain.states(for: command.kind).contains(state) {
          #expect(error == .wrongState(state, command: command.kind, allowed: CaseChain.states(for: command.kind)))
        }
      }
    }
  }

  @Test(arguments: CaseState.allCases) func noRoleDoesWhatIsNotItsOwn(state: CaseState) throws {
    let walk = try ChainWalk.reaching(state)
    for (command, author) in ChainTableTests.commands(walk) {
      for role in CaseRole.allCases where !CaseChain.roles(for: command.kind).contains(role) {
        var author = author
        author.role = role
        #expect(throws: RegisterError.wrongRole(role, command: command.kind, needed: CaseChain.roles(for: command.kind))) {
          try walk.chain.applying(command, in: walk.context(author))
        }
      }
    }
  }

  @Test(arguments: CaseState.allCases) func aReasonOfSpacesIsNone(state: CaseState) throws {
    let walk = try ChainWalk.reaching(state)
    let blank = " \n"
    let commands: [(CaseCommand, Author)] = [
      (.resolveReferral(reason: blank), Synthetic.author("head", .authority)),
      (.sendBack(reason: blank), Synthetic.author("head", .authority)),
      (.appeal(.person, reason: blank), Synthetic.author("clerk", .registrar)),
      (.revoke(.other, reason: blank), Synthetic.author("head", .authority)),
      (.withdraw(reason: blank), Synthetic.author("clerk", .registrar)),
      (.transfer(to: "astana", reason: blank), Synthetic.author("clerk", .registrar)),
      (.pauseClock(.assess, reason: blank), Synthetic.author("head", .authority)),
    ]
    for (command, author) in commands where CaseChain.states(for: command.kind).contains(state) {
      #expect(throws: RegisterError.reasonMissing(command.kind)) { try walk.chain.applying(command, in: walk.context(author)) }
    }
  }
}
