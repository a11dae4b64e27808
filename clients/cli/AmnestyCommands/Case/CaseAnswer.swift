// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc
internal import NIOCore

/// `amnestyctl case answer`: takes a filled-in sheet of facts back.
package struct CaseAnswer: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Take the answers of a sheet that work facts wrote: one correction a case, with its sources.",
    discussion: """
      Rows without an answer are passed over. An answer is a word or a day as the record has it (none, 2022-01-05, P5Y), or JSON ([], true). \
      A case that is refused is told and left as it is; the others are corrected, and the exit code is 65.
      """
  )

  @Argument(help: ArgumentHelp("The sheet as CSV; - for standard input.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("Why; kept in the chain of each case. Default: answers to a fact plan.", valueName: "text"))
  package var reason: String?

  @Option(help: ArgumentHelp("Names the run: repeated with the same key each case is corrected once.", valueName: "key"))
  package var key: String?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let input = try InputFile(path: self.file)
    let answers = try FactSheet.read(String(buffer: try await input.readAll(limit: 64 << 20)), name: self.file)
    let key = self.key ?? ChangeOptions.newKey()
    var refused = 0
    for answer in answers {
      do {
        try await self.take(answer, client, key: "\(key)/\(answer.reference)", options: options)
      } catch let status as Status where status.code != .unavailable {
        refused += 1
        StandardError.write("\(answer.reference):\n")
        ErrorReport(status).write()
      } catch let status as Status {
        StandardError.write("  \(Text.answerMayBeDone(.ofUser(), key: key))\n")
        throw status
      }
    }
    var output = StandardOutput()
    let language = Language.ofUser()
    let corrected = (answers.count - refused).grouped(language)
    try output.line(
      refused > 0
        ? Text.answerCorrectedNotAll(language, count: corrected, refused: refused.grouped(language))
        : Text.answerCorrected(language, count: corrected))
    try output.flush()
    if refused > 0 { throw ExitCode(EX_DATAERR) }
  }

  private func take(_ answers: FactSheet.Answers, _ client: AmnestyClient, key: String, options: CallOptions) async throws {
    let item = try await client.case.get(GetCaseRequest(reference: answers.reference), options: options).case
    let (record, mask) = try FactEdit.apply(answers.edits, to: item.record)
    let request = UpdateCaseRequest(
      record: record, updateMask: mask, sources: answers.sources.isEmpty ? nil : answers.sources,
      reason: self.reason ?? Text.answerReason(.ofUser()), etag: item.etag,
      idempotencyKey: key)
    _ = try await ChangeRetry.run { () async throws(Status) in try await client.case.update(request, options: options) }
  }
}
