// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes an enumeration of words that stays open: a word that this version does not know is kept as it came.
struct WordsEmitter {
  var type: SchemaType
  var words: [SchemaType.Word]
  /// Whether a scan needs its words by number.
  var isScanned = false

  func emit() -> String {
    var source = SourceText()
    let name = self.type.name
    source.doc(self.type.doc)
    source.block("public enum \(name): Sendable, Hashable") { source in
      for word in self.words {
        source.doc("`\(word.word)`: \(word.doc).")
        source.line("case \(word.swiftName)")
      }
      source.doc("A word of a later version; refused in requests.")
      source.line("case unrecognized(String)")
    }
    source.line()
    source.block("extension \(name)") { source in
      source.doc("The words of this version, in their order.")
      source.line("public static let known: [\(name)] = [\(self.words.map { ".\($0.swiftName)" }.joined(separator: ", "))]")
      source.line()
      source.doc("The word as the wire has it.")
      source.block("public var word: String") { source in
        source.block("switch self") { source in
          for word in self.words { source.line("case .\(word.swiftName): \"\(word.word)\"") }
          source.line("case .unrecognized(let word): word")
        }
      }
      source.line()
      source.doc("The value of a word; an unknown one is kept.")
      source.block("public init(word: String)") { source in
        source.block("switch word") { source in
          for word in self.words { source.line("case \"\(word.word)\": self = .\(word.swiftName)") }
          source.line("default: self = .unrecognized(word)")
        }
      }
      source.line()
      source.line("static var placeholder: \(name) { .unrecognized(\"\") }")
      source.line()
      self.emitReader(&source)
      source.line()
      if self.isScanned {
        self.emitIndex(&source)
        source.line()
      }
      source.block("func write(_ writer: inout JSONWriter)") { source in
        source.block("switch self") { source in
          for word in self.words { source.line("case .\(word.swiftName): writer.raw(\"\\\"\(word.word)\\\"\")") }
          source.line("case .unrecognized(let word): writer.string(word)")
        }
      }
    }
    return source.text
  }

  private func emitReader(_ source: inout SourceText) {
    source.block("static func read(_ reader: inout JSONReader) throws(JSONError) -> \(self.type.name)") { source in
      source.line("guard let word = try reader.readWord() else { return .placeholder }")
      source.block("switch word.head") { source in
        for word in self.words {
          source.line(
            "case \(TokenMatch.head(of: word.word)) where \(TokenMatch.condition(word.word, token: "word")): return .\(word.swiftName)")
        }
        source.line("default:")
        source.line("  reader.noteUnknownWord(word, allowed: \"\(self.words.map(\.word).joined(separator: ", "))\")")
        source.line("  return .unrecognized(word.string)")
      }
    }
  }

  private func emitIndex(_ source: inout SourceText) {
    source.doc("The index among ``known`` of a word; -1 where this version does not know it.")
    source.block("static func index(of word: JSONToken) -> Int") { source in
      source.block("switch word.head") { source in
        for (index, word) in self.words.enumerated() {
          source.line("case \(TokenMatch.head(of: word.word)) where \(TokenMatch.condition(word.word, token: "word")): \(index)")
        }
        source.line("default: -1")
      }
    }
  }
}
