// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport
internal import Testing

/// A clause of `protocol/SPEC.md`: its name, whom it binds, and whether it says that no vector can show it.
struct Clause: Sendable, Equatable {
  var id: String
  var sides: [Vector.Side]
  var hasNoVector: Bool

  static func all() throws -> [Clause] {
    let text = String(decoding: try ProtocolFolder.read("SPEC.md"), as: UTF8.self)
    return text.split(separator: "\n").compactMap { Clause(line: $0) }
  }

  init?(line: Substring) {
    guard let match = line.firstMatch(of: /^- `([A-Z]-[0-9]+)` \((server|client|both)(; no vector: [^)]+)?\)/) else { return nil }
    self.id = String(match.1)
    self.sides = match.2 == "both" ? [.server, .client] : [Vector.Side(rawValue: String(match.2)) ?? .server]
    self.hasNoVector = match.3 != nil
  }
}

@Suite("The specification and its vectors")
struct SpecificationTests {
  @Test("Every line that begins like a clause is one, and names are unique")
  func clausesAreWellFormed() throws {
    let text = String(decoding: try ProtocolFolder.read("SPEC.md"), as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("- `") }
    let clauses = try Clause.all()
    #expect(clauses.count == lines.count)
    #expect(clauses.count > 100)
    #expect(Set(clauses.map(\.id)).count == clauses.count)
  }

  @Test("Every clause that can be tested has a vector for each side that it binds")
  func everyClauseHasAVector() throws {
    let vectors = try ProtocolFolder.vectors()
    for clause in try Clause.all() where !clause.hasNoVector {
      for side in clause.sides {
        #expect(
          vectors.contains { $0.side == side && $0.clauses.contains(clause.id) }, "\(clause.id) has no vector for a \(side.rawValue)")
      }
    }
  }

  @Test("Every clause that a vector names exists, binds its side and admits vectors")
  func everyVectorHasItsClauses() throws {
    let clauses = Dictionary(uniqueKeysWithValues: try Clause.all().map { ($0.id, $0) })
    for vector in try ProtocolFolder.vectors() {
      for id in vector.clauses {
        guard let clause = clauses[id] else {
          Issue.record("\(vector.name) names \(id), which is no clause")
          continue
        }
        #expect(clause.sides.contains(vector.side), "\(vector.name) is for a \(vector.side.rawValue), \(id) is not")
        #expect(!clause.hasNoVector, "\(id) has a vector, \(vector.name)")
      }
    }
  }

  @Test("Names of vectors are unique")
  func vectorNamesAreUnique() throws {
    let names = try ProtocolFolder.vectors().map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("Every file of vectors fits the schema, and a wrong one does not")
  func filesFitTheSchema() throws {
    let checker = SchemaChecker(root: try JSONValue(parsing: try ProtocolFolder.read("vectors/vector.schema.json")))
    for file in try ProtocolFolder.vectorFiles() {
      #expect(checker.fault(file.value) == nil, "\(file.name)")
    }
    let wrong = #"{"group":"F","title":"","vectors":[{"name":"a","clauses":["F-1"],"doc":"d","side":"server","steps":[{"sent":{}}]}]}"#
    #expect(checker.fault(try JSONValue(parsing: Array(wrong.utf8))) != nil)
  }

  @Test("The table of reasons is that of the registry of errors")
  func reasonsAreThoseOfTheRegistry() throws {
    let text = String(decoding: try ProtocolFolder.read("SPEC.md"), as: UTF8.self)
    let table = text.split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^\| `([A-Z_]+)` \| ([A-Z_]+) \|/).map { "\($0.1) \($0.2)" }
    }
    let registry = try JSONValue(parsing: try ProtocolFolder.read("errors.json"))
    let declared = (registry["reasons"]?.elements ?? []).compactMap { entry in
      entry["reason"]?.text.flatMap { reason in entry["code"]?.text.map { "\(reason) \($0)" } }
    }
    #expect(table.sorted() == declared.sorted())
  }

  @Test("Reasons that vectors expect are in the registry of errors")
  func expectedReasonsAreDeclared() throws {
    let registry = try JSONValue(parsing: try ProtocolFolder.read("errors.json"))
    let declared = Set((registry["reasons"]?.elements ?? []).compactMap { $0["reason"]?.text } + ["CONFORMANCE"])
    for vector in try ProtocolFolder.vectors() {
      for step in vector.steps {
        let expected = [step["expect"]] + (step["expectAll"]?.elements ?? []).map(Optional.some)
        for reason in expected.compactMap({ $0?["error"]?["reason"]?.text }) {
          #expect(declared.contains(reason), "\(vector.name) expects \(reason)")
        }
      }
    }
  }
}
