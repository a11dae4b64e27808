// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl act`: the acts that the daemon has loaded.
package struct Act: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    abstract: "List, show, compare or check acts.",
    subcommands: [ActList.self, ActShow.self, ActCompare.self, ActCheck.self]
  )

  package init() {}
}
