// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// The decoder of frames: whatever the bytes and however they are spread over reads (F-3), it cuts what section F says, and no more.
///
/// The first byte chooses the limit, the second how the rest is spread; the rest is the stream.
enum FramesTarget {
  private static let limits = [512, 513, 1024, 16 << 10, 20_000, 4 << 20, (1 << 24) - 1]

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    var cursor = ByteCursor(bytes)
    let limit = cursor.one(of: Self.limits)
    let spread = Int(cursor.byte())
    let stream = cursor.rest
    let whole = Self.decode(stream, limit: limit, piece: { _ in stream.count })
    let spreadOut = Self.decode(stream, limit: limit, piece: { spread == 0 ? 1 : 1 + ($0 * 7 + spread) % spread })
    try requireEqual(whole, spreadOut, "in one read and in many")
    let model = FrameModel(stream, limit: limit)
    try requireEqual(whole.frames, model.frames, "the frames of the stream")
    switch model.end {
    case .error: try require(whole.isError, "what is no frame is taken")
    case .betweenFrames: try require(!whole.isError && whole.isBetweenFrames, "the stream ends between two frames")
    case .insideFrame: try require(!whole.isError && !whole.isBetweenFrames, "the stream ends inside a frame")
    case .insideOverlongHead: break
    }
    return .worthKeeping
  }

  private struct Decoded: Equatable {
    var frames: [FrameModel.Frame] = []
    var isError = false
    var isBetweenFrames = true
  }

  private static func decode(_ stream: UnsafeRawBufferPointer, limit: Int, piece: (Int) -> Int) -> Decoded {
    var decoded = Decoded()
    var decoder = FrameDecoder(maxFrame: limit)
    var position = 0
    var reads = 0
    do throws(FrameError) {
      while position < stream.count {
        let next = min(stream.count, position + max(1, piece(reads)))
        decoder.append(ByteBuffer(bytes: stream[position..<next]))
        position = next
        reads += 1
        while let frame = try decoder.next() {
          decoded.frames.append(
            FrameModel.Frame(
              head: Array(frame.head.readableBytesView), body: frame.body.map { Array($0.readableBytesView) }, oversize: frame.oversize))
        }
      }
      decoded.isBetweenFrames = decoder.isBetweenFrames
    } catch {
      decoded.isError = true
    }
    return decoded
  }
}

/// Section F of the protocol, on a stream that is all there.
struct FrameModel {
  struct Frame: Equatable {
    var head: [UInt8]
    var body: [UInt8]?
    var oversize: Int?
  }

  enum End {
    case error, betweenFrames, insideFrame
    /// A head is known to be too long before its frame is all there: a decoder may say so now or then.
    case insideOverlongHead
  }

  private(set) var frames: [Frame] = []
  private(set) var end = End.betweenFrames

  init(_ stream: UnsafeRawBufferPointer, limit: Int) { self.end = self.cut(Array(stream), limit: limit) }

  private mutating func cut(_ stream: [UInt8], limit: Int) -> End {
    var rest = stream[...]
    while !rest.isEmpty {
      guard rest.count >= 4 else { return .insideFrame }
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard length != 0, length < 1 << 24 else { return .error }
      rest = rest.dropFirst(4)
      let payload = rest.prefix(length)
      let isWhole = payload.count == length
      let parts = payload.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
      let head = parts.first ?? []
      let isHeadWhole = isWhole || parts.count > 1
      if head.count > 16_384 {
        if isWhole || length > limit { return .error }
        return .insideOverlongHead
      }
      guard isWhole || length > limit && isHeadWhole else { return .insideFrame }
      if length > limit {
        self.frames.append(Frame(head: Array(head), oversize: length))
        if !isWhole { return .insideFrame }
      } else {
        self.frames.append(Frame(head: Array(head), body: parts.count > 1 ? Array(parts[1]) : nil))
      }
      rest = rest.dropFirst(length)
    }
    return .betweenFrames
  }
}
