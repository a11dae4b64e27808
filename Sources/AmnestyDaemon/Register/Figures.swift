// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyWire
internal import RPCServer
internal import Synchronization

/// The daemon's figures as OpenMetrics text.
final class Figures: Sendable {
  private let register: any CaseRegister
  /// Made after the services that show it.
  private let server = Mutex<RPCServer?>(nil)

  private let overdue = Mutex(OverdueClocks())

  init(register: any CaseRegister) { self.register = register }

  func show(_ counts: OverdueClocks) { overdue.withLock { $0 = counts } }

  func watch(_ server: RPCServer) { self.server.withLock { $0 = server } }

  var text: String {
    var lines: [String] = []
    func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int64)]) {
      lines += ["# TYPE \(name) \(type)", "# HELP \(name) \(help)"]
      let suffix = type == "counter" ? "_total" : ""
      lines += samples.map { "\(name)\(suffix)\($0.labels) \($0.value)" }
    }
    if let server = server.withLock({ $0 }) {
      family(
        "amnesty_calls", "counter", "Calls that ended, by method and code.",
        server.metrics.snapshot().map { ("{method=\"\($0.method ?? "unknown")\",code=\"\($0.code.name)\"}", Int64($0.calls)) })
      lines += Self.times(server.metrics.measured())
      family("amnesty_connections", "gauge", "Connections that are open.", [("", Int64(server.connections))])
    }
    let counts = register.maintenance.statistics
    family("amnesty_register_up", "gauge", "Whether the register serves.", [("", register.unavailability == nil ? 1 : 0)])
    for (name, help, value) in [
      ("commits", "Transactions on disk.", counts.commits), ("commands", "Commands done.", counts.commands),
      ("replays", "Commands answered from their key.", counts.replays), ("refusals", "Commands refused.", counts.refusals),
      ("imported", "Cases taken in by import.", counts.imported), ("reads", "Reads.", counts.reads),
      ("audit_notes", "Reads and denials noted in the audit trail.", counts.notes),
      ("failures", "Transactions that the database refused.", counts.failures),
      ("failed_reads", "Reads that the database refused.", counts.failedReads),
    ] {
      family("amnesty_register_\(name)", "counter", help, [("", value)])
    }
    let overdue = overdue.withLock { $0 }
    family(
      "amnesty_register_overdue", "gauge", "Cases past a deadline, by clock; counted every ten minutes.",
      ClockKind.allCases.map { ("{clock=\"\($0.rawValue)\"}", Int64(overdue.cases[$0] ?? 0)) })
    family("amnesty_register_overdue_detained", "gauge", "Of those, whose person is in detention.", [("", Int64(overdue.detained))])
    family("amnesty_register_queued_commands", "gauge", "Commands that wait for the writer.", [("", Int64(counts.queuedCommands))])
    family("amnesty_register_queued_notes", "gauge", "Audit notes that wait for the writer.", [("", Int64(counts.queuedNotes))])
    return (lines + ["# EOF"]).joined(separator: "\n") + "\n"
  }

  /// Each bucket counts all calls up to its bound, as OpenMetrics has it.
  private static func times(_ measured: [CallMetrics.Times]) -> [String] {
    var lines = [
      "# TYPE amnesty_call_seconds histogram", "# UNIT amnesty_call_seconds seconds",
      "# HELP amnesty_call_seconds Time that unary calls took in the daemon, by method.",
    ]
    for method in measured {
      var sum: UInt64 = 0
      for (index, calls) in method.calls.enumerated() {
        sum += calls
        let bound = index < CallMetrics.bounds.count ? seconds(CallMetrics.bounds[index] * 1_000) : "+Inf"
        lines.append("amnesty_call_seconds_bucket{method=\"\(method.method)\",le=\"\(bound)\"} \(sum)")
      }
      lines.append("amnesty_call_seconds_sum{method=\"\(method.method)\"} \(seconds(method.nanoseconds))")
      lines.append("amnesty_call_seconds_count{method=\"\(method.method)\"} \(sum)")
    }
    return lines
  }

  /// Nanoseconds as seconds, in digits.
  private static func seconds(_ nanoseconds: UInt64) -> String {
    let digits = String(nanoseconds % 1_000_000_000)
    var rest = String(repeating: "0", count: 9 - digits.count) + digits
    while rest.hasSuffix("0") { rest.removeLast() }
    return "\(nanoseconds / 1_000_000_000)" + (rest.isEmpty ? ".0" : "." + rest)
  }
}
