// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
internal import ArgumentParser
internal import Glibc
internal import NIOCore

/// How a command writes its answer.
package enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  case table, json, ndjson, csv
}

package struct OutputOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "How to write the answer: table, json, ndjson or csv.")
  package var output = OutputFormat.table

  package init() {}
}

/// An answer that can be written in every format.
package protocol Renderable {
  /// As a person reads it.
  func table(on terminal: Terminal) -> [String]
  /// The JSON values, one line each; `json` writes one of them indented, several as an array.
  func values() -> [String]
  /// The answer as CSV, heading first; nil where it is no list.
  func records() -> [[String?]]?
}

extension Renderable {
  package func records() -> [[String?]]? { nil }
}

package enum Output {
  /// Writes the answer of a command.
  package static func render(_ answer: some Renderable, as format: OutputFormat, on terminal: Terminal = .output) throws {
    var output = StandardOutput()
    for line in try Self.lines(of: answer, as: format, on: terminal) { try output.line(line) }
    try output.flush()
  }

  package static func lines(
    of answer: some Renderable, as format: OutputFormat, on terminal: Terminal
  ) throws(InputError) -> [String] {
    switch format {
    case .csv:
      guard let records = answer.records() else {
        throw InputError(exitCode: EX_USAGE, Text.outputNoCSV)
      }
      return records.map(CSV.line)
    case .table: return answer.table(on: terminal)
    case .ndjson: return answer.values()
    case .json:
      let values = answer.values()
      return [PrettyJSON.indent(values.count == 1 ? values[0] : "[" + values.joined(separator: ",") + "]")]
    }
  }
}

/// A message as the daemon sent it, for `--output json`.
package func json(_ message: some WireMessage) -> String {
  var buffer = ByteBuffer()
  message.encode(into: &buffer)
  return String(buffer: buffer)
}

/// Breaks JSON that is known to be well-formed into lines.
package enum PrettyJSON {
  package static func indent(_ text: String) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count * 2)
    var depth = 0
    var isString = false
    var isEscaped = false
    let bytes = Array(text.utf8)
    func newline() {
      output.append(UInt8(ascii: "\n"))
      output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
    for (index, byte) in bytes.enumerated() {
      if isString {
        output.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isString = true
        output.append(byte)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        output.append(byte)
        depth += 1
        let next = bytes[(index + 1)...].first { !Self.isSpace($0) }
        if next != UInt8(ascii: "}"), next != UInt8(ascii: "]") { newline() }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if output.last != UInt8(ascii: "{"), output.last != UInt8(ascii: "[") { newline() }
        output.append(byte)
      case UInt8(ascii: ","):
        output.append(byte)
        newline()
      case UInt8(ascii: ":"):
        output.append(byte)
        output.append(UInt8(ascii: " "))
      case _ where Self.isSpace(byte): break
      default: output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
  }
}
