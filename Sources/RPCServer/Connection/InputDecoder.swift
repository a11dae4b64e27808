// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// The bytes of a connection, cut into frames in the mode that the first byte chose.
enum InputDecoder {
  case undecided(maxFrame: Int)
  case frames(FrameDecoder)
  case lines(LineDecoder)

  /// The way in which the peer is to be answered.
  var mode: WireMode {
    if case .lines = self { .lines } else { .frames }
  }

  var bufferedBytes: Int {
    switch self {
    case .undecided: 0
    case .frames(let decoder): decoder.bufferedBytes
    case .lines(let decoder): decoder.bufferedBytes
    }
  }

  /// Whether more is to come of a frame or a line. To be asked where ``next(atEnd:)`` has none.
  var isUnfinished: Bool {
    switch self {
    case .undecided: false
    case .frames(let decoder): !decoder.isBetweenFrames
    case .lines(let decoder): decoder.bufferedBytes > 0
    }
  }

  /// What is kept for the frame or line of which more is to come. To be asked where ``next(atEnd:)`` has none.
  var begunBytes: Int {
    switch self {
    case .undecided: 0
    case .frames(let decoder): decoder.begunBytes
    case .lines(let decoder): decoder.bufferedBytes
    }
  }

  /// The head of a large frame whose body is awaited, once for each. A line has its head anywhere, so it has none.
  mutating func beginning() throws(FrameError) -> FrameBeginning? {
    guard case .frames(var decoder) = self else { return nil }
    defer { self = .frames(decoder) }
    return try decoder.beginning()
  }

  /// Throws away the frame that ``beginning()`` has told of.
  mutating func discardBegun() {
    guard case .frames(var decoder) = self else { return }
    decoder.discardBegun()
    self = .frames(decoder)
  }

  mutating func append(_ bytes: ByteBuffer) {
    switch consume self {
    case .undecided(let maxFrame):
      if bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == UInt8(ascii: "{") {
        var decoder = LineDecoder(maxLine: maxFrame)
        decoder.append(bytes)
        self = .lines(decoder)
      } else if bytes.readableBytes > 0 {
        var decoder = FrameDecoder(maxFrame: maxFrame)
        decoder.append(bytes)
        self = .frames(decoder)
      } else {
        self = .undecided(maxFrame: maxFrame)
      }
    case .frames(var decoder):
      decoder.append(bytes)
      self = .frames(decoder)
    case .lines(var decoder):
      decoder.append(bytes)
      self = .lines(decoder)
    }
  }

  /// The next whole frame. `atEnd`: nothing more will come.
  mutating func next(atEnd: Bool) throws(FrameError) -> RawFrame? {
    switch consume self {
    case .undecided(let maxFrame):
      self = .undecided(maxFrame: maxFrame)
      return nil
    case .frames(var decoder):
      do throws(FrameError) {
        let frame = try decoder.next()
        self = .frames(decoder)
        return frame
      } catch {
        self = .frames(decoder)
        throw error
      }
    case .lines(var decoder):
      do throws(FrameError) {
        let frame = try decoder.next(atEnd: atEnd)
        self = .lines(decoder)
        return frame
      } catch {
        self = .lines(decoder)
        throw error
      }
    }
  }
}
