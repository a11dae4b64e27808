// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore

extension WireMessage {
  /// Reads a message from JSON text.
  ///
  /// - Throws: INVALID_ARGUMENT, `MALFORMED_JSON` with the byte offset or `INVALID_FIELD` with the paths.
  public init(json: String) throws(Status) {
    self = try Self.decode(ByteBuffer(string: json))
  }

  /// The message as JSON text on one line.
  public var json: String { String(buffer: JSONCoding.encode(self)) }
}

extension JSONWriter {
  /// An object with free names, in the order of RFC 8785: the order of a dictionary changes from run to run.
  mutating func map<Value>(_ members: [String: Value], _ body: (Value, inout JSONWriter) -> Void) {
    let start = self.position
    for (name, value) in members.sorted(by: { CanonicalDigest.precedes($0.key, $1.key) }) {
      self.comma()
      self.string(name)
      self.byte(UInt8(ascii: ":"))
      body(value, &self)
    }
    self.closeObject(since: start)
  }
}
