// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The daemon's figures, taken from their OpenMetrics text.
package struct FigureText: Sendable, Equatable {
  package struct Sample: Sendable, Equatable {
    package var name: String
    package var labels: [String: String]
    package var value: Double
  }

  package private(set) var samples: [Sample] = []

  /// What is no sample is passed over: a later daemon may say more.
  package init(_ text: String) {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if let sample = Self.sample(line) { self.samples.append(sample) }
    }
  }

  /// Of a figure without labels; 0 where the daemon has it not.
  package func value(_ name: String) -> Double { self.samples.first { $0.name == name && $0.labels.isEmpty }?.value ?? 0 }

  package func all(_ name: String) -> [Sample] { self.samples.filter { $0.name == name } }

  private static func sample(_ line: Substring) -> Sample? {
    guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else { return nil }
    let head = line[..<space]
    guard let brace = head.firstIndex(of: "{") else { return Sample(name: String(head), labels: [:], value: value) }
    guard head.last == "}" else { return nil }
    var labels: [String: String] = [:]
    // Names of methods, codes and clocks: none holds a quote or a comma.
    for pair in head[head.index(after: brace)...].dropLast().split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[1].count >= 2 else { return nil }
      labels[String(parts[0])] = String(parts[1].dropFirst().dropLast())
    }
    return Sample(name: String(head[..<brace]), labels: labels, value: value)
  }
}

/// What happened between two looks at the figures.
package struct FigureChange: Sendable {
  package struct Method: Sendable, Equatable {
    package var name: String
    package var calls: Double
    package var failed: Double
    /// Seconds within which half, nine tenths, and all but a hundredth of the unary calls were answered; nil where there were none.
    package var half: Double?
    package var most: Double?
    package var nearlyAll: Double?
  }

  package let before: FigureText
  package let after: FigureText
  package let seconds: Double

  package init(before: FigureText, after: FigureText, seconds: Double) {
    self.before = before
    self.after = after
    self.seconds = max(seconds, 0.001)
  }

  /// How much a counter grew, a second.
  package func rate(_ name: String) -> Double { max(0, self.after.value(name) - self.before.value(name)) / self.seconds }

  /// Methods that were called, most first.
  package var methods: [Method] {
    var known: [String: Double] = [:]
    for sample in self.before.all("amnesty_calls_total") { known[Self.key(sample)] = sample.value }
    var methods: [String: Method] = [:]
    for sample in self.after.all("amnesty_calls_total") {
      let name = sample.labels["method"] ?? ""
      let grown = sample.value - (known[Self.key(sample)] ?? 0)
      guard grown > 0 else { continue }
      var method = methods[name] ?? Method(name: name, calls: 0, failed: 0)
      method.calls += grown / self.seconds
      if sample.labels["code"] != "OK" { method.failed += grown / self.seconds }
      methods[name] = method
    }
    return methods.values.map { method in
      var method = method
      let buckets = self.buckets(method.name)
      method.half = Self.quantile(0.5, buckets)
      method.most = Self.quantile(0.9, buckets)
      method.nearlyAll = Self.quantile(0.99, buckets)
      return method
    }.sorted { ($0.calls, $1.name) > ($1.calls, $0.name) }
  }

  private static func key(_ sample: FigureText.Sample) -> String { "\(sample.labels["method"] ?? "") \(sample.labels["code"] ?? "")" }

  /// Calls of these seconds by the upper bounds of their times, cumulative.
  private func buckets(_ method: String) -> [(bound: Double, calls: Double)] {
    let name = "amnesty_call_seconds_bucket"
    let before = self.before.all(name).filter { $0.labels["method"] == method }
    return self.after.all(name).filter { $0.labels["method"] == method }.map { sample in
      let bound = sample.labels["le"] == "+Inf" ? Double.infinity : sample.labels["le"].flatMap(Double.init) ?? .infinity
      let known = before.first { $0.labels["le"] == sample.labels["le"] }?.value ?? 0
      return (bound, sample.value - known)
    }.sorted { $0.bound < $1.bound }
  }

  /// Where the share lies, taken evenly within its bucket.
  static func quantile(_ share: Double, _ buckets: [(bound: Double, calls: Double)]) -> Double? {
    guard let all = buckets.last?.calls, all > 0 else { return nil }
    let wanted = share * all
    var below = (bound: 0.0, calls: 0.0)
    for bucket in buckets {
      if bucket.calls >= wanted {
        guard bucket.bound.isFinite else { return below.bound }
        let inside = bucket.calls - below.calls
        return inside == 0 ? bucket.bound : below.bound + (bucket.bound - below.bound) * (wanted - below.calls) / inside
      }
      below = bucket
    }
    return nil
  }
}
