// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl case`: the register.
package struct CaseCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: "The register: take cases in, find them, assess them, follow them.",
    subcommands: [
      CaseRegistration.self, CaseImport.self, CaseExport.self, CaseShow.self, CaseList.self, CaseSearch.self, CaseHistory.self,
      CaseWatch.self, CaseSummarize.self, CaseUpdate.self, CaseAnswer.self, CaseAssess.self, CaseOutlook.self, CaseReplay.self,
      CaseLetter.self,
      CaseResolve.self, CaseAssign.self,
      CaseUnassign.self, CaseTransfer.self, CaseWithdraw.self, CaseClose.self,
    ]
  )

  package init() {}
}
