// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case letter`: a case on paper.
package struct CaseLetter: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "letter",
    abstract: "Write the letter to the person, the same to read aloud, the clerk's sheet, or the order to the institution.",
    discussion:
      "An HTML page made for A4. Files are readable by their owner alone: they hold personal data. Without --html and --pdf it goes to standard output."
  )

  @OptionGroup package var reference: ReferenceArgument

  @Option(help: "What to write: letter, short (to read aloud), sheet (for the clerk) or order (for the institution).")
  package var form = Word<LetterForm>(.letter)

  @OptionGroup package var target: PageTarget
  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = RenderLetterRequest(
      reference: self.reference.reference, form: self.form.value, language: TextLanguage(word: self.language.chosen.rawValue))
    try await self.target.write(try await client.report.letter(request, options: options).html, mode: 0o600)
  }
}
