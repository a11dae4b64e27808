// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Glibc
internal import RegisterConformance

/// Writes to a register until somebody kills it, and tells each acknowledgement on its output, a line each: `REFERENCE STEP`. With `--sequential N` it
/// does N commands one after the other, and ends.
@main enum RegisterWriter {
  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else { exit(64) }
    let register = SQLiteRegister(path: arguments[1], policy: Synthetic.policy, clock: systemClock)
    if arguments[2] == "--sequential", arguments.count == 4, let count = Int(arguments[3]) {
      for number in 0..<count where (try? await RetriedSteps.perform(0, of: "SYN-\(number)", on: register)) == nil { exit(1) }
      await register.close()
      return
    }
    let seed = arguments[2]
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<32 {
        group.addTask {
          var number = 0
          while true {
            let reference = "SYN-\(seed)-\(writer)-\(number)"
            number += 1
            for step in 0..<RetriedSteps.count {
              guard (try? await RetriedSteps.perform(step, of: reference, on: register)) != nil else { exit(1) }
              tell("\(reference) \(step)\n")
            }
          }
        }
      }
    }
  }

  private static var systemClock: RegisterClock {
    RegisterClock {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
  }

  /// One write: a line in a pipe is whole or not there.
  private static func tell(_ line: String) {
    var line = line
    let written = line.withUTF8 { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if written < 0 { exit(1) }
  }
}
