// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// JSON that is carried as it stands, such as the schemas of reflection.
public struct RawJSON: Sendable, Hashable {
  /// One JSON value; whoever sets it answers for that.
  public var text: String

  public init(text: String) { self.text = text }
}

extension RawJSON {
  static var placeholder: RawJSON { RawJSON(text: "null") }

  static func read(_ reader: inout JSONReader) throws(JSONError) -> RawJSON {
    RawJSON(text: String(decoding: try reader.readRawValue(), as: UTF8.self))
  }

  func write(_ writer: inout JSONWriter) { writer.rawText(self.text) }
}
