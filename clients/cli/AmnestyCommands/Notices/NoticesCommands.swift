// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl notices`: what other registers are told.
package struct NoticesCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "notices",
    abstract: "Removed convictions on their way to other registers, until each has confirmed.",
    subcommands: [NoticesList.self, NoticesFetch.self, NoticesAcknowledge.self]
  )

  package init() {}
}
