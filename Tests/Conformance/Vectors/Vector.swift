// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport
internal import Foundation

/// One vector of `protocol/vectors`, whose README says what its parts mean.
struct Vector: Sendable, CustomStringConvertible {
  enum Side: String, Sendable {
    case server, client
  }

  var name: String
  var clauses: [String]
  var side: Side
  var inLines: Bool
  var needs: Set<String>
  var steps: [JSONValue]

  var description: String { self.name }
}

struct VectorError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The files beside the code, found from this file's place.
enum ProtocolFolder {
  static let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../protocol").standardizedFileURL

  static func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: self.url.appending(path: path)))
  }

  /// Every file of vectors: the JSON files of the folder itself, the schema apart.
  static func vectorFiles() throws -> [(name: String, value: JSONValue)] {
    try FileManager.default.contentsOfDirectory(atPath: self.url.appending(path: "vectors").path)
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }
      .sorted()
      .map { name in
        do {
          return (name, try JSONValue(parsing: try self.read("vectors/" + name)))
        } catch let error as JSONTextError {
          throw VectorError("\(name): \(error)")
        }
      }
  }

  static func vectors() throws -> [Vector] {
    try self.vectorFiles().flatMap { file in
      try (file.value["vectors"]?.elements ?? []).map { value in
        guard let vector = Vector(value) else { throw VectorError("\(file.name): a vector lacks name, clauses, side or steps") }
        return vector
      }
    }
  }
}

extension Vector {
  init?(_ value: JSONValue) {
    guard let name = value["name"]?.text, let clauses = value["clauses"]?.elements?.compactMap(\.text),
      let side = value["side"]?.text.flatMap(Side.init), let steps = value["steps"]?.elements
    else { return nil }
    self.init(
      name: name, clauses: clauses, side: side, inLines: value["mode"]?.text == "lines",
      needs: Set(value["needs"]?.elements?.compactMap(\.text) ?? []), steps: steps)
  }
}
