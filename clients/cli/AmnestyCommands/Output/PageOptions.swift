// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// How much of a long list.
package struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many; 0 for all.", valueName: "number"))
  package var limit = 100

  @Option(help: ArgumentHelp("Go on where a list before was cut; it told the token.", valueName: "token"))
  package var page: String?

  package init() {}

  package mutating func validate() throws {
    guard limit >= 0 else { throw ValidationError(Text.optionAtLeast(.ofUser(), option: "--limit", lowest: "0")) }
  }

  /// What the daemon gives at once.
  private static let longestPage = 1000

  /// Fetches pages until there are enough, or no more.
  ///
  /// - Returns: the token of what is left; nil where nothing is.
  package func forEach<Item>(
    _ fetch: (_ size: Int, _ token: String?) async throws -> (items: [Item], next: String?), _ body: (Item) throws -> Void
  ) async throws -> String? {
    var token = self.page
    var left = self.limit == 0 ? Int.max : self.limit
    repeat {
      let (items, next) = try await fetch(min(left, Self.longestPage), token)
      for item in items { try body(item) }
      left -= items.count
      token = next
    } while token != nil && left > 0
    return token
  }

  /// Says on standard error how to go on where some are left; after the list, so that it stands under it.
  package func tell(_ token: String?) {
    if let token { StandardError.write("amnestyctl: \(Text.listThereIsMore(.ofUser(), token: token))\n") }
  }
}
