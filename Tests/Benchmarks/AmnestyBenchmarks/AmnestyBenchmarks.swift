// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ArgumentParser

@main
struct AmnestyBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amnesty-benchmarks",
    abstract: "Fixed workloads inside one process: timed against one another, or repeated for a counter.",
    subcommands: [Time.self, Repeat.self]
  )
}

struct WorkloadOptions: ParsableArguments {
  @Option(help: "The case record, one JSON object.")
  var record: String

  @Option(help: "The folder of act files.")
  var acts = "acts"
}

/// Interleaved rounds; one JSON line a workload with the median and every round, in nanoseconds.
struct Time: ParsableCommand {
  @OptionGroup var options: WorkloadOptions
  @Argument var names: [String]

  private static let rounds = 15

  mutating func run() throws {
    let workloads = try names.map { try Workload.named($0, options: options) }
    let clock = ContinuousClock()
    var nanoseconds = names.map { _ in [Double]() }
    let repeats = workloads.map { workload in
      // As many repeats as take about 20 ms, found while warming up.
      var count = 16
      while true {
        let elapsed = clock.measure { workload.run(count) }
        if elapsed > .milliseconds(20) { return count }
        count *= 2
      }
    }
    for _ in 0..<Self.rounds {
      for (index, workload) in workloads.enumerated() {
        let elapsed = clock.measure { workload.run(repeats[index]) }
        let (seconds, attoseconds) = elapsed.components
        nanoseconds[index].append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(repeats[index]))
      }
    }
    for (name, rounds) in zip(names, nanoseconds) {
      let figures = rounds.map { String(Int($0.rounded())) }
      let median = figures.isEmpty ? "0" : String(Int(rounds.sorted()[rounds.count / 2].rounded()))
      print("{\"name\":\"\(name)\",\"ns\":\(median),\"rounds\":[\(figures.joined(separator: ","))]}")
    }
  }
}

/// One workload, a fixed number of times: for callgrind and the allocation counter.
struct Repeat: ParsableCommand {
  @OptionGroup var options: WorkloadOptions
  @Argument var name: String
  @Option var rounds: Int

  mutating func run() throws {
    try Workload.named(name, options: options).run(rounds)
  }
}
