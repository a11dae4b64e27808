// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl decision`: from a proposal to a decision carried out.
package struct DecisionCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "decision",
    abstract: "Propose, decide, carry out, appeal, revoke. Who prepares never decides.",
    subcommands: [
      DecisionPropose.self, DecisionReturn.self, DecisionDecide.self, DecisionObject.self, DecisionWithdrawObjection.self,
      DecisionJudgment.self, DecisionExecute.self, DecisionAppeal.self, DecisionResolveAppeal.self, DecisionRevoke.self,
    ]
  )

  package init() {}
}
