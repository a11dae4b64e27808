// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

public import NIOCore

/// A message that is passed on as the bytes it is, for callers that know a method by its name alone.
public struct RawMessage: WireMessage, Equatable {
  /// One JSON value.
  public var bytes: ByteBuffer

  /// A message of the bytes given, which are not checked here.
  public init(_ bytes: ByteBuffer) {
    self.bytes = bytes
  }

  public static func decode(_ buffer: ByteBuffer) throws(Status) -> RawMessage {
    RawMessage(buffer)
  }

  public func encode(into buffer: inout ByteBuffer) {
    buffer.writeImmutableBuffer(self.bytes)
  }
}
