// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl aftercare`: helping released people back.
package struct AftercareCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "aftercare",
    abstract: "The needs of released people: work, medical care, papers, housing. The case is not shown.",
    subcommands: [AftercareList.self, AftercareUpdate.self, AftercareAdd.self]
  )

  package init() {}
}
