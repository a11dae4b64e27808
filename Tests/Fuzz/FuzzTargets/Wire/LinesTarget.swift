// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// The decoder of lines: however the bytes are spread over reads, it cuts what section L says; of a line that is JSON the body is the value of
/// its member, and the head says what the line says.
///
/// The first byte chooses the limit, the second how the rest is spread; the rest is the stream.
enum LinesTarget {
  private static let limits = [64, 512, 17_000, 4 << 20]

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    var cursor = ByteCursor(bytes)
    let limit = cursor.one(of: Self.limits)
    let spread = Int(cursor.byte())
    let stream = cursor.rest
    let whole = Self.decode(stream, limit: limit, piece: { _ in stream.count })
    let spreadOut = Self.decode(stream, limit: limit, piece: { spread == 0 ? 1 : 1 + ($0 * 7 + spread) % spread })
    try requireEqual(whole, spreadOut, "in one read and in many")
    var frames = whole.frames[...]
    for line in Array(stream).split(separator: 0x0A, omittingEmptySubsequences: true) {
      if line.count > limit { return try Self.requireError(whole, frames, "a line above the limit") }
      if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      guard let frame = frames.popFirst() else {
        return try Self.requireError(whole, frames, "no frame of a line", where: Self.mayBeRefused(line))
      }
      try Self.compare(Array(line), frame)
    }
    try require(frames.isEmpty && !whole.isError, "more frames than lines, or an error behind the last")
    return .worthKeeping
  }

  private static func requireError(
    _ decoded: Decoded, _ rest: ArraySlice<Frame>, _ claim: String, where holds: Bool = true
  ) throws(Discrepancy) -> FuzzTarget.Verdict {
    try require(decoded.isError && rest.isEmpty && holds, claim)
    return .worthKeeping
  }

  /// A line that is an object, with a head that is short enough, must not be refused here.
  private static func mayBeRefused(_ line: ArraySlice<UInt8>) -> Bool {
    guard case .success(.object(let members)) = JSONTree.read(Array(line)) else { return true }
    // The member body counts for nothing in the head's length; its shortest spelling may be far below.
    let body = members.first { $0.isNamed("body") }
    return line.count - (body == nil ? 0 : 1) > WireLimits.headBytes
  }

  private static func compare(_ line: [UInt8], _ frame: Frame) throws(Discrepancy) {
    let head = Self.head(frame.head)
    switch JSONTree.read(line) {
    case .success(let tree):
      let body = tree["body"]
      try requireEqual(frame.body == nil, body == nil, "whether there is a body")
      if let body, let given = frame.body { try requireEqual(JSONTree.read(given), .success(body), "the body") }
      try requireEqual(head, Self.head(line), "the head of the line, with and without its body")
    case .failure(let error):
      // A body may be wrong without harm to its line; nothing else may.
      guard head != nil, error.reason != .tooDeep else { return }
      let isBodyWrong = frame.body.map { JSONTree.read($0) }.map { (try? $0.get()) == nil } ?? false
      try require(isBodyWrong, "a line that is malformed (\(error)) has a head and a body that are not")
    }
  }

  /// Nil where it is no head.
  private static func head(_ bytes: [UInt8]) -> FrameHead? {
    bytes.withUnsafeBytes { try? HeadDecoder.decode($0, methods: nil) }
  }

  private struct Frame: Equatable {
    var head: [UInt8]
    var body: [UInt8]?
  }

  private struct Decoded: Equatable {
    var frames: [Frame] = []
    var isError = false
  }

  private static func decode(_ stream: UnsafeRawBufferPointer, limit: Int, piece: (Int) -> Int) -> Decoded {
    var decoded = Decoded()
    var decoder = LineDecoder(maxLine: limit)
    var position = 0
    var reads = 0
    do throws(FrameError) {
      while true {
        let next = min(stream.count, position + max(1, piece(reads)))
        decoder.append(ByteBuffer(bytes: stream[position..<next]))
        position = next
        reads += 1
        while let frame = try decoder.next(atEnd: position == stream.count) {
          decoded.frames.append(Frame(head: Array(frame.head.readableBytesView), body: frame.body.map { Array($0.readableBytesView) }))
        }
        if position == stream.count { return decoded }
      }
    } catch {
      decoded.isError = true
    }
    return decoded
  }
}
