// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// The decoder of heads: it takes what section H says and reads it as that; by its short cut and without it, and again when written.
enum HeadsTarget {
  static let methods = MethodTable([
    "grpc.health.v1.Health/Check", "amnesty.v1.EligibilityService/Assess", "amnesty.v1.EligibilityService/AssessStream", "t.S/M",
  ])

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    let head = Self.decode(bytes)
    let spaced = ([0x20] + Array(bytes)).withUnsafeBytes { Self.decode($0) }
    try requireEqual(head, spaced, "with a blank in front")
    try HeadModel(bytes).compare(head)
    guard let head else { return .worthKeeping }
    if case .call(let call) = head, call.violation != nil { return .worthKeeping }
    for mode in WireMode.allCases {
      var buffer = ByteBuffer()
      FrameEncoder(mode: mode).write(head, methods: Self.methods, into: &buffer)
      let written = buffer.getSlice(at: mode == .frames ? 4 : 0, length: buffer.readableBytes - (mode == .frames ? 4 : 1)) ?? ByteBuffer()
      let again = written.withUnsafeReadableBytes { Self.decode($0) }
      try requireEqual(again, Optional(head), "written as \(String(buffer: written)) and read again")
    }
    return .worthKeeping
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) -> FrameHead? {
    try? HeadDecoder.decode(bytes, methods: Self.methods)
  }
}
