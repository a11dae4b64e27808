// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Foundation

/// What holds for every command that changes something: on which version it rests, and the key that makes it safe to repeat.
package struct ChangeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The version that was seen; the command is refused if the case has changed since.", valueName: "version"))
  package var etag: String?

  @Option(
    help: ArgumentHelp(
      "Names the command: repeated with the same key it is done once. A new one is made if not said, and told where the outcome is unknown.",
      valueName: "key"))
  package var key: String?

  package init() {}

  package mutating func validate() throws {
    if let key, !(1...128).contains(key.unicodeScalars.count) {
      throw ValidationError(Text.optionLength(.ofUser(), option: "--key", lowest: "1", highest: "128"))
    }
    if let etag, !(1...128).contains(etag.unicodeScalars.count) {
      throw ValidationError(Text.optionLength(.ofUser(), option: "--etag", lowest: "1", highest: "128"))
    }
  }

  package static func newKey() -> String { UUID().uuidString.lowercased() }

  /// Carries a command out: tried again with its key while the daemon is unavailable. Where the outcome stays unknown, the key is told.
  func perform<Result>(_ body: (_ key: String) async throws(Status) -> Result) async throws -> Result {
    let key = self.key ?? Self.newKey()
    do {
      return try await ChangeRetry.run { () async throws(Status) in try await body(key) }
    } catch let status as Status where ChangeRetry.mayHaveHappened(status) {
      ErrorReport(status).write()
      StandardError.write("  \(Text.changeMayBeDone(.ofUser(), key: key))\n")
      throw ExitCode(ExitStatus.code(of: status.code))
    }
  }
}

/// Why something is done, where the command does not need it.
package struct ReasonOption: ParsableArguments {
  @Option(help: ArgumentHelp("Why; kept in the chain of the case.", valueName: "text"))
  package var reason: String?

  package init() {}
}

/// Why something is done, where the command needs it.
package struct NeededReason: ParsableArguments {
  @Option(help: ArgumentHelp("Why; kept in the chain of the case.", valueName: "text"))
  package var reason: String

  package init() {}
}

/// The case that a command is about.
package struct ReferenceArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The case.", valueName: "reference"))
  package var reference: String

  package init() {}
}
