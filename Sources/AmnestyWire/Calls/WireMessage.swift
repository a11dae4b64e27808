// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

public import NIOCore

/// One JSON value that travels as a body.
public protocol WireMessage: Sendable {
  /// Reads the message from the whole of `buffer`.
  ///
  /// - Throws: INVALID_ARGUMENT, `MALFORMED_JSON` with the byte offset or `INVALID_FIELD` with the paths.
  static func decode(_ buffer: ByteBuffer) throws(Status) -> Self
  /// Appends the message.
  func encode(into buffer: inout ByteBuffer)
}
