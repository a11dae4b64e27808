// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl act check`: an act file as loading would see it.
package struct ActCheck: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check an act file as loading would, its worked examples included; nothing is loaded. Exit code 65 if it would be refused.",
    discussion: """
      The examples are looked for beside the act, as NAME.examples.csv, if --examples does not name them. What the act extends is looked for \
      beside it too.
      """
  )

  @Argument(help: ArgumentHelp("The act, YAML.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  package var file: String

  @Option(help: ArgumentHelp("The worked examples, CSV.", valueName: "file"), completion: .file(extensions: ["csv"]))
  package var examples: String?

  @Flag(help: "Check again whenever the act, its examples or what it extends changes, until interrupted.")
  package var watch = false

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var files = ActFiles(act: self.file, examples: self.examples)
    if self.watch {
      try await self.watch(&files, client, options)
    } else {
      let answer = try await client.act.check(files.read(), options: options)
      try Output.render(ActCheckAnswer(answer: answer), as: self.output.output)
      if !answer.ok { throw ExitCode(EX_DATAERR) }
    }
  }

  private func watch(_ files: inout ActFiles, _ client: AmnestyClient, _ options: CallOptions) async throws {
    let watch = FileWatch()
    while true {
      do {
        let answer = try await client.act.check(files.read(), options: options)
        try Output.render(ActCheckAnswer(answer: answer), as: self.output.output)
      } catch let error as InputError {
        // An editor may be about to put the file back.
        ErrorReport(error).write()
      }
      let changed = try await watch.change(since: files.stamps)
      StandardError.write(Text.actFileChanged(.ofUser(), file: changed) + "\n")
    }
  }
}

struct ActCheckAnswer: Renderable {
  var answer: CheckActResponse

  func table(on terminal: Terminal) -> [String] {
    var lines: [String] = []
    for problem in self.answer.problems {
      let place = [problem.file] + (problem.line > 0 ? ["\(problem.line)", "\(problem.column)"] : [])
      let severity = Words.severity(problem.severity.word, terminal.language) ?? problem.severity.word
      let word = (problem.severity == .error ? Style.bad : .warning).apply(severity, on: terminal)
      let provision = problem.provision.map { " (\($0))" } ?? ""
      lines.append("\(place.joined(separator: ":")): \(word): \(problem.message)\(provision)")
      if let hint = problem.hint { lines.append("  \(hint)") }
    }
    lines.append((self.answer.ok ? Style.good : .bad).apply(self.verdict(terminal.language), on: terminal))
    return lines
  }

  private func verdict(_ language: Language) -> String {
    guard let act = self.answer.act else { return self.answer.ok ? Text.actFileGood(language) : Text.actFileRefused(language) }
    let provisions = act.provisions.grouped(language)
    return self.answer.ok
      ? Text.actGood(language, act: act.id, version: act.version, provisions: provisions)
      : Text.actRefused(language, act: act.id, version: act.version, provisions: provisions)
  }

  func values() -> [String] { [json(self.answer)] }
}
