// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl work`: what waits for whom.
package struct WorkCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "What waits for whom, and the deadlines.",
    subcommands: [WorkList.self, WorkFacts.self, WorkPause.self, WorkResume.self]
  )

  package init() {}
}
