// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// `amnestyctl audit`: the trail of who did and read what.
package struct AuditCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "The tamper-evident trail of who did and who read what.",
    subcommands: [AuditList.self, AuditExport.self, AuditVerify.self, AuditSign.self]
  )

  package init() {}
}
