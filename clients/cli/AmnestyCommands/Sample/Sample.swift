// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestySample
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc
internal import NIOCore

/// `amnestyctl sample`: a register of people who do not exist, one record a line.
package struct Sample: ParsableCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Write a synthetic register, one case record a line.",
    discussion: """
      The records stand in the proportions of the published figures of the 2022 act, and the same seed gives the same bytes on every \
      machine. Nobody in it is real: every reference begins with SYN-.
      """
  )

  @Option(help: ArgumentHelp("How many people.", valueName: "number"))
  package var people = Margins.publishedTotal

  @Option(help: ArgumentHelp("Names the register.", valueName: "number"))
  package var seed: UInt64 = 2022

  @Option(help: ArgumentHelp("How many records that contradict themselves to append, for trying the errors.", valueName: "number"))
  package var contradictions = 0

  package init() {}

  package mutating func validate() throws {
    guard (0...100_000_000).contains(people) else {
      throw ValidationError(Text.optionRange(.ofUser(), option: "--people", lowest: "0", highest: "100000000"))
    }
    guard (0...1_000_000).contains(contradictions) else {
      throw ValidationError(Text.optionRange(.ofUser(), option: "--contradictions", lowest: "0", highest: "1000000"))
    }
  }

  package mutating func run() throws {
    let register = SyntheticRegister(people: people, seed: seed, contradictions: contradictions)
    try register.writeLines { chunk in
      var rest = chunk.readableBytesView
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if errno == EPIPE {
          // Who reads has seen enough.
          throw ExitCode.success
        } else if errno != EINTR {
          let why = SystemError()
          let error = InputError(exitCode: EX_IOERR) { Text.outputSampleNotWritten($0, why: why.text(in: $0)) }
          ErrorReport(error).write()
          throw ExitCode(error.exitCode)
        }
      }
    }
  }
}
