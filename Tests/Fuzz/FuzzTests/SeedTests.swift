// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import FuzzTargets
internal import Testing

/// The seeds of every fuzz target, and all that a target has ever failed on, without a fuzzer.
@Suite struct SeedTests {
  private struct Seed: Decodable {
    var name: String
    var text: String?
    var hex: String?

    var bytes: [UInt8] {
      if let text { return Array(text.utf8) }
      let digits = Array((hex ?? "").utf8)
      return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) }
    }
  }

  private static func folder(_ name: String) -> URL { URL(filePath: RepositoryFolder.path("Tests/Fuzz/\(name)")) }

  private static func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test(arguments: FuzzTarget.all.map(\.name))
  func everySeedHolds(_ name: String) throws {
    let file = Self.folder("Seeds").appending(path: "\(name).json")
    let seeds = try JSONDecoder().decode([Seed].self, from: Data(contentsOf: file))
    #expect(seeds.count >= 10 || name == "acts")
    for seed in seeds { try self.run(name, seed.bytes, "seed \(seed.name)") }
  }

  @Test func everyFailCaseHolds() throws {
    let folder = Self.folder("FailCases")
    for name in try Self.names(folder) {
      for file in try Self.names(folder.appending(path: name)) {
        try self.run(name, Array(Data(contentsOf: folder.appending(path: "\(name)/\(file)"))), "fail case \(file)")
      }
    }
  }

  /// What the differential target lets pass is on the checked-in lists.
  @Test func everyDifferenceToFoundationIsListed() throws {
    struct Rule: Decodable {
      var rule: String
      var than: [String]
    }
    let rules = try ["stricter", "laxer"].flatMap { name in
      try JSONDecoder().decode(
        [Rule].self, from: Data(contentsOf: URL(filePath: RepositoryFolder.path("protocol/vectors/json/\(name).json"))))
    }
    let listed = Set(rules.filter { $0.than.contains("foundation") }.map(\.rule))
    for rule in FoundationRule.allCases { #expect(listed.contains(rule.rawValue)) }
  }

  private func run(_ name: String, _ bytes: [UInt8], _ what: String) throws {
    let target = try #require(FuzzTarget.named(name), "\(what) is of no target: \(name)")
    do {
      let verdict = try bytes.withUnsafeBytes { try target.run($0) }
      #expect(verdict == .worthKeeping, "\(name), \(what) is no input")
    } catch {
      Issue.record("\(name), \(what): \(error)")
    }
  }
}
