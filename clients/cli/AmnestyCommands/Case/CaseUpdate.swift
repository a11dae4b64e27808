// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case update`: corrects or adds facts.
package struct CaseUpdate: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Correct or add facts of a case; the old ones are kept in its history.",
    discussion: """
      --set names a fact by its JSON Pointer: --set /recidivism=none --set /sentence/term=P5Y --set /offences/0/classes='[]'. null means \
      not known any more. Or --record gives the whole record, of which --mask takes single members. Before a decision the assessment and \
      the proposal fall with the facts they rest on; after one the case is marked for reassessment.
      """
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("A fact and what it is now: /pointer=JSON.", valueName: "fact"))
  package var set: [FactEdit] = []

  @Option(help: ArgumentHelp("The record as JSON; - for standard input.", valueName: "file"), completion: .file())
  package var record: String?

  @Option(help: ArgumentHelp("With --record: take only the member at this JSON Pointer.", valueName: "pointer"))
  package var mask: [String] = []

  @Option(help: ArgumentHelp("Where a fact comes from: /pointer=PAPER or /pointer=PAPER@DAY.", valueName: "source"))
  package var source: [SourceArgument] = []

  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if set.isEmpty == (record == nil) { throw ValidationError(Text.optionSetOrRecord(.ofUser())) }
    if record == nil, !mask.isEmpty { throw ValidationError(Text.optionMaskOfRecord(.ofUser())) }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var request: UpdateCaseRequest
    if let file = self.record {
      let record = try await CaseRecord.read(file: file)
      guard record.reference == self.target.reference else {
        throw ValidationError(Text.updateOtherCase(.ofUser(), other: record.reference, reference: self.target.reference))
      }
      request = UpdateCaseRequest(record: record, updateMask: self.mask.isEmpty ? nil : self.mask, etag: self.change.etag)
    } else {
      let item = try await client.case.get(GetCaseRequest(reference: self.target.reference), options: options).case
      let (record, mask) = try FactEdit.apply(self.set, to: item.record)
      // The edit rests on the record as it was read here.
      request = UpdateCaseRequest(record: record, updateMask: mask, etag: self.change.etag ?? item.etag)
    }
    request.sources = self.source.isEmpty ? nil : self.source.map(\.source)
    request.reason = self.why.reason
    let sent = request
    let answer = try await self.change.perform { key async throws(Status) in
      var keyed = sent
      keyed.idempotencyKey = key
      return try await client.case.update(keyed, options: options)
    }
    try Output.render(CaseReceipt(answer: answer), as: self.output.output)
  }
}
