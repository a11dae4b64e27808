// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl`: asks the daemon, for people.
package struct AmnestyControl: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "amnestyctl",
    abstract: "Ask the amnesty daemon: assess cases, keep the register, decide, carry out, verify.",
    discussion: """
      Answers go to standard output, errors and progress to standard error. Exit codes are those of sysexits.h: 0 done, 64 wrong use, \
      65 bad records or acts, or refused as the case stands, 66 no such file or thing, 69 no daemon or not serving, 70 a fault of the \
      daemon, 73 exists already, 75 changed since it was seen, or try again later, 77 not permitted. NO_COLOR turns colour off; without a \
      terminal there is none.
      """,
    groupedSubcommands: [
      CommandGroup(name: "Law", subcommands: [Assess.self, Explain.self, Estimate.self, Act.self, Sample.self]),
      CommandGroup(
        name: "Register",
        subcommands: [
          CaseCommands.self, DecisionCommands.self, WorkCommands.self, AftercareCommands.self, NoticesCommands.self, Reassess.self,
          Report.self,
        ]),
      CommandGroup(
        name: "Operation",
        subcommands: [
          WhoAmI.self, AuditCommands.self, BackupCommands.self, Restore.self, Check.self, Metrics.self, StatusCommand.self, Top.self,
          Health.self, Reload.self,
        ]),
      CommandGroup(name: "Protocol", subcommands: [Call.self, Describe.self]),
    ]
  )

  @OptionGroup package var connection: ConnectionOptions

  package init() {}

  /// Runs the command line of the process and returns its exit code.
  package static func main() async -> CInt {
    // A reader that has seen enough is met as an error of the write, not as a signal.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Self.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return EX_OK
    } catch let error as Status {
      ErrorReport(error).write()
      return ExitStatus.code(of: error.code)
    } catch let error as InputError {
      ErrorReport(error).write()
      return error.exitCode
    } catch is OutputClosed {
      return EX_OK
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      Self.exit(withError: error)
    }
  }
}
