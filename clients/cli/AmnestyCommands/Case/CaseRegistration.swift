// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case register`: one case into the register.
package struct CaseRegistration: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Take one case into the register.", discussion: "Many at once: case import.")

  @Argument(help: ArgumentHelp("The record as JSON; - for standard input.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("The office it belongs to; yours if you have one only.", valueName: "office"))
  package var office: String?

  @Option(help: ArgumentHelp("Where a fact comes from: /pointer=PAPER or /pointer=PAPER@DAY.", valueName: "source"))
  package var source: [SourceArgument] = []

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let record = try await CaseRecord.read(file: self.file)
    let answer = try await self.change.perform { key async throws(Status) in
      let request = RegisterCaseRequest(
        record: record, office: self.office, sources: self.source.isEmpty ? nil : self.source.map(\.source), idempotencyKey: key)
      return try await client.case.register(request, options: options)
    }
    try Output.render(CaseReceipt(answer: answer), as: self.output.output)
  }
}

extension CaseRecord {
  /// The one record of a file.
  static func read(file: String) async throws -> CaseRecord {
    let bytes = try await InputFile(path: file).readAll()
    do {
      return try CaseRecord.decode(bytes)
    } catch {
      ErrorReport(error).write()
      throw ExitCode(ExitStatus.code(of: error.code))
    }
  }
}
