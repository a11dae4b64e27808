// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
internal import ArgumentParser
internal import Glibc
internal import NIOCore

/// `/pointer=JSON`: one fact, and what it is now.
package struct FactEdit: ExpressibleByArgument, Sendable, Equatable {
  package var pointer: String
  package var value: JSONTree

  package init?(argument: String) {
    guard argument.hasPrefix("/"), let equals = argument.firstIndex(of: "=") else { return nil }
    self.pointer = String(argument[..<equals])
    let text = String(argument[argument.index(after: equals)...])
    // A word or a day needs no quotes on the command line.
    if let tree = try? JSONTree(ByteBuffer(string: text)) {
      self.value = tree
    } else if !text.isEmpty, !text.hasPrefix("{"), !text.hasPrefix("["), !text.hasPrefix("\"") {
      self.value = .scalar(JSONText.quoted(text))
    } else {
      return nil
    }
  }

  package var path: [String] {
    self.pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  /// The record with the facts changed, and the mask that names them and nothing else.
  package static func apply(_ edits: [FactEdit], to record: CaseRecord) throws -> (record: CaseRecord, mask: [String]) {
    var tree = try JSONTree(ByteBuffer(string: json(record)))
    var mask: [String] = []
    for edit in edits {
      let path = edit.path
      // An element that was not there is no place that a mask can name: the list is.
      let isNew = Self.growsList(path, record: record)
      guard tree.set(path[...], to: edit.value) else {
        throw ValidationError(Text.editNoPlace(.ofUser(), pointer: edit.pointer))
      }
      let pointer = isNew ? "/\(path[0])" : edit.pointer
      if !mask.contains(pointer) { mask.append(pointer) }
    }
    do {
      return (try CaseRecord.decode(ByteBuffer(string: tree.text)), mask)
    } catch {
      throw InputError(exitCode: EX_DATAERR) {
        ErrorReport(error, language: $0).text.replacing("amnestyctl: ", with: "").trimmingNewline
      }
    }
  }

  private static func growsList(_ path: [String], record: CaseRecord) -> Bool {
    guard path.count >= 2, path[0] == "offences" else { return false }
    return path[1] == "-" || Int(path[1]).map { $0 >= record.offences.count } ?? false
  }
}

extension String {
  var trimmingNewline: String { self.hasSuffix("\n") ? String(self.dropLast()) : self }
}

/// `/pointer=PAPER[@DAY]`: where a fact comes from, and the day it was learnt.
package struct SourceArgument: ExpressibleByArgument, Sendable, Equatable {
  package var source: FactSource

  package init?(argument: String) {
    guard argument.hasPrefix("/"), let equals = argument.firstIndex(of: "=") else { return nil }
    let pointer = String(argument[..<equals])
    let text = String(argument[argument.index(after: equals)...])
    guard !text.isEmpty else { return nil }
    if let at = text.lastIndex(of: "@"), at != text.startIndex, DayArgument(argument: String(text[text.index(after: at)...])) != nil {
      self.source = FactSource(pointer: pointer, source: String(text[..<at]), learntOn: String(text[text.index(after: at)...]))
    } else {
      self.source = FactSource(pointer: pointer, source: text)
    }
  }
}
