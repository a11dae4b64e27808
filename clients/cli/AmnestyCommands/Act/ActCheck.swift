// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc
internal import NIOCore

/// `amnestyctl act check`: an act file as loading would see it.
package struct ActCheck: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check an act file as loading would, its worked examples included; nothing is loaded. Exit code 65 if it would be refused.",
    discussion: "The examples are looked for beside the act, as NAME.examples.csv, if --examples does not name them."
  )

  @Argument(help: ArgumentHelp("The act, YAML.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  package var file: String

  @Option(help: ArgumentHelp("The worked examples, CSV.", valueName: "file"), completion: .file(extensions: ["csv"]))
  package var examples: String?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let source = try await InputFile(path: self.file).readAll()
    let request = CheckActRequest(source: String(buffer: source), examples: try await self.readExamples(), fileName: self.file)
    let answer = try await client.act.check(request, options: options)
    try Output.render(ActCheckAnswer(answer: answer), as: self.output.output)
    if !answer.ok { throw ExitCode(EX_DATAERR) }
  }

  private func readExamples() async throws -> String? {
    if let examples = self.examples { return String(buffer: try await InputFile(path: examples).readAll()) }
    guard let dot = self.file.lastIndex(of: "."), self.file[dot...] == ".yaml" || self.file[dot...] == ".yml" else { return nil }
    let beside = self.file[..<dot] + ".examples.csv"
    guard access(String(beside), R_OK) == 0 else { return nil }
    return String(buffer: try await InputFile(path: String(beside)).readAll())
  }
}

struct ActCheckAnswer: Renderable {
  var answer: CheckActResponse

  func table(on terminal: Terminal) -> [String] {
    var lines: [String] = []
    for problem in self.answer.problems {
      let place = [problem.file] + (problem.line > 0 ? ["\(problem.line)", "\(problem.column)"] : [])
      let word = (problem.severity == .error ? Style.bad : .warning).apply(problem.severity.word, on: terminal)
      let provision = problem.provision.map { " (\($0))" } ?? ""
      lines.append("\(place.joined(separator: ":")): \(word): \(problem.message)\(provision)")
      if let hint = problem.hint { lines.append("  \(hint)") }
    }
    let name = self.answer.act.map { "\($0.id) \($0.version), \($0.provisions) provisions" } ?? "the act"
    lines.append(
      self.answer.ok ? Style.good.apply("\(name): good", on: terminal) : Style.bad.apply("\(name): would be refused", on: terminal))
    return lines
  }

  func values() -> [String] { [json(self.answer)] }
}
