// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ArgumentParser

@main
struct AmnestyBenchmarks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amnesty-benchmarks",
    abstract: "Fixed workloads: timed against one another in one process, repeated for a counter, or called by the Swift client.",
    subcommands: [Time.self, Repeat.self, Call.self]
  )
}

struct WorkloadOptions: ParsableArguments {
  @Option(help: "The case record, one JSON object; for each-... one a line.")
  var record: String

  @Option(help: "The act file.")
  var act = "acts/kz-2022-152-vii.yaml"
}

/// Interleaved rounds; one JSON line a workload with the median and every round, in nanoseconds.
struct Time: ParsableCommand {
  @OptionGroup var options: WorkloadOptions
  @Argument var names: [String]
  @Option var rounds = 15

  mutating func run() throws {
    let workloads = try names.map { try Workload.named($0, options: options) }
    let clock = ContinuousClock()
    var nanoseconds = names.map { _ in [Double]() }
    let repeats = workloads.map { workload in
      // As many repeats as take about 20 ms, found while warming up.
      var count = 1
      while true {
        let elapsed = clock.measure { workload.run(count) }
        if elapsed > .milliseconds(20) { return count }
        count *= 2
      }
    }
    for _ in 0..<rounds {
      for (index, workload) in workloads.enumerated() {
        let elapsed = clock.measure { workload.run(repeats[index]) }
        let (seconds, attoseconds) = elapsed.components
        nanoseconds[index].append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(repeats[index]))
      }
    }
    for (name, times) in zip(names, nanoseconds) {
      let figures = times.map { String(Int($0.rounded())) }
      let median = figures.isEmpty ? "0" : String(Int(times.sorted()[times.count / 2].rounded()))
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
