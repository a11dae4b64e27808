// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Foundation
internal import Testing

/// The cases of the public JSON parsing suite, and the lists of where this reader is stricter and where it is laxer.
@Suite struct JSONSuiteTests {
  struct Vector: Decodable, CustomTestStringConvertible {
    var name: String
    var text: String?
    var hex: String?
    var accept: Bool

    var bytes: [UInt8] {
      if let text { return Array(text.utf8) }
      let digits = Array((hex ?? "").utf8)
      return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) }
    }

    var testDescription: String { name }
  }

  struct Rule: Decodable {
    var rule: String
    var than: [String]
    var why: String
    var vectors: [String]
  }

  static let vectors: [Vector] = Vectors.load("json/suite.json")
  static let stricter: [Rule] = Vectors.load("json/stricter.json")
  static let laxer: [Rule] = Vectors.load("json/laxer.json")

  @Test func hasTheCorpus() {
    #expect(Self.vectors.count > 300)
  }

  @Test(arguments: vectors)
  func reads(_ vector: Vector) {
    let error = AnyJSON.error(in: vector.bytes)
    #expect((error == nil) == vector.accept, "\(String(describing: error))")
  }

  /// A case that the suite accepts and the reader refuses, or that Foundation accepts and it refuses, must be listed with a reason.
  @Test(arguments: vectors)
  func isStricterOnlyWhereListed(_ vector: Vector) {
    guard !vector.accept else { return }
    let rules = Self.stricter.filter { $0.vectors.contains(vector.name) }
    #expect(rules.allSatisfy { !$0.why.isEmpty })
    if vector.name.hasPrefix("y_") { #expect(rules.contains { $0.than.contains("suite") }) }
    let isFoundations = (try? JSONSerialization.jsonObject(with: Data(vector.bytes), options: [.fragmentsAllowed])) != nil
    if isFoundations { #expect(rules.contains { $0.than.contains("foundation") }) }
  }

  /// A case that Foundation refuses and the reader accepts must be listed, too.
  @Test(arguments: vectors)
  func isLaxerOnlyWhereListed(_ vector: Vector) {
    guard vector.accept, (try? JSONSerialization.jsonObject(with: Data(vector.bytes), options: [.fragmentsAllowed])) == nil else { return }
    #expect(Self.laxer.contains { $0.vectors.contains(vector.name) && $0.than.contains("foundation") && !$0.why.isEmpty })
  }

  @Test func listNamesVectorsOfTheSuite() {
    let names = Set(Self.vectors.map(\.name))
    for rule in Self.stricter + Self.laxer { #expect(names.isSuperset(of: rule.vectors), "\(rule.rule)") }
  }
}

/// Files under `protocol/vectors`.
enum Vectors {
  static func load<Value: Decodable>(_ path: String) -> Value {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    do {
      return try JSONDecoder().decode(Value.self, from: Data(contentsOf: root.appending(path: "protocol/vectors/\(path)")))
    } catch {
      fatalError("\(path): \(error)")
    }
  }
}
