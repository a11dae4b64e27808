// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// One case, or all that a filter finds.
package struct CaseTarget: ParsableArguments {
  @Argument(help: ArgumentHelp("The case; or --all with a filter.", valueName: "reference"))
  package var reference: String?

  @Flag(help: "Every case that the filter finds, many at a time. Each is done or refused by itself; exit code 65 if one was refused.")
  package var all = false

  @Option(help: ArgumentHelp("With --all: at most so many cases; 0 for every one.", valueName: "number"))
  package var limit = 0

  @Option(
    help: ArgumentHelp(
      "With --all: write every refusal here, one JSON object a line, instead of the first ones to standard error.",
      valueName: "file"),
    completion: .file())
  package var errors: String?

  @OptionGroup(title: "Filter for --all") package var filter: CaseFilter

  package init() {}

  package mutating func validate() throws {
    if all == (reference != nil) { throw ValidationError(Text.optionCaseOrAll(.ofUser())) }
    if !all, !filter.isEmpty || limit != 0 || errors != nil {
      throw ValidationError(Text.optionFilterNeedsAll(.ofUser()))
    }
    guard limit >= 0 else { throw ValidationError(Text.optionAtLeast(.ofUser(), option: "--limit", lowest: "0")) }
  }
}

/// A command that can be given to one case or to many.
package protocol BulkChange: ClientCommand, Sendable {
  var target: CaseTarget { get }
  var change: ChangeOptions { get }
  var output: OutputOptions { get }
  /// How many it was done to: "5 assessed".
  static func done(_ language: Language, count: String) -> String
  /// The states in which the cases of `--all` are looked for where the filter names none.
  static var usualState: CaseState { get }
  /// A further state whose cases are looked at where the filter names none, if only to tell how many were left alone.
  static var countedState: CaseState? { get }
  /// Why a case that `--all` found is left alone; nil where it is not.
  func skips(_ item: CaseSummary, _ language: Language) -> String?
  /// Carries it out on a case.
  ///
  /// - Parameters:
  ///   - item: the case as it was listed, with `--all`.
  ///   - etag: the version it rests on.
  func send(
    _ client: AmnestyClient, _ reference: String, _ item: CaseSummary?, etag: String?, key: String, options: CallOptions
  ) async throws(Status) -> CaseResponse
}

extension BulkChange {
  package static var countedState: CaseState? { nil }

  package func skips(_ item: CaseSummary, _ language: Language) -> String? { nil }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    guard let reference = self.target.reference else {
      try await BulkRun(command: self, client: client, options: options).run()
      return
    }
    let answer = try await self.change.perform { key async throws(Status) in
      try await self.send(client, reference, nil, etag: self.change.etag, key: key, options: options)
    }
    try Output.render(CaseReceipt(answer: answer), as: self.output.output)
  }

  /// An etag names one version of one case.
  package func validateTarget() throws {
    if self.target.all, self.change.etag != nil { throw ValidationError(Text.optionEtagOneCase(.ofUser())) }
    if self.target.all, self.change.key.map({ $0.unicodeScalars.count > 60 }) ?? false {
      throw ValidationError(Text.optionKeyWithAll(.ofUser()))
    }
  }
}
