// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// Which cases of the register.
package struct CaseFilter: ParsableArguments {
  @Option(help: "Only cases at this stage of the proceedings.")
  package var stage: Word<Stage>?

  @Option(help: "Only cases in this state.")
  package var state: Word<CaseState>?

  @Option(help: "Only those assessed so.")
  package var outcome: Word<Outcome>?

  @Option(help: "Only those with an offence of this gravity.")
  package var gravity: Word<Gravity>?

  @Option(help: ArgumentHelp("Only those with an offence under this article.", valueName: "article"))
  package var article: String?

  @Flag(inversion: .prefixedNo, help: "Only people in custody, or only those not.")
  package var detained: Bool?

  @Flag(inversion: .prefixedNo, help: "Only cases in which a deadline has run out, or only those in which none has.")
  package var overdue: Bool?

  @Option(help: ArgumentHelp("Only those assigned to this person.", valueName: "person"))
  package var assignedTo: String?

  @Flag(help: "Only those assigned to nobody.")
  package var unassigned = false

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  package init() {}

  package mutating func validate() throws {
    if unassigned, assignedTo != nil {
      throw ValidationError(Text.optionExclusive(.ofUser(), option: "--assigned-to", other: "--unassigned"))
    }
  }

  package var isEmpty: Bool {
    self.listing() == ListCasesRequest()
  }

  /// The daemon's word for nobody is the empty string.
  private var assignee: String? { self.unassigned ? "" : self.assignedTo }

  package func listing(orderBy: CaseOrder? = nil, pageSize: Int? = nil, pageToken: String? = nil) -> ListCasesRequest {
    ListCasesRequest(
      stage: self.stage?.value, state: self.state?.value, outcome: self.outcome?.value, gravity: self.gravity?.value,
      article: self.article, detained: self.detained, overdue: self.overdue, assignedTo: self.assignee, office: self.office,
      orderBy: orderBy, pageSize: pageSize, pageToken: pageToken)
  }

  package func export(after: String? = nil) -> ExportCasesRequest {
    ExportCasesRequest(
      stage: self.stage?.value, state: self.state?.value, outcome: self.outcome?.value, gravity: self.gravity?.value,
      article: self.article, detained: self.detained, overdue: self.overdue, assignedTo: self.assignee, office: self.office, after: after)
  }
}
