// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// How far one time zone lies from UTC at each moment, as the system's time zone database tells it (RFC 9636).
///
/// Foundation knows zones too, but its data costs an idle daemon five megabytes.
package struct ZoneRules: Sendable {
  /// Seconds since 1970 at which the offset changes, ascending.
  private var transitions: [Int64] = []
  /// Seconds east of UTC; the first stands before the first transition.
  private var offsets: [Int32] = []
  /// What holds after the last transition.
  private var tail: ZoneTail?

  /// Seconds to add to UTC for local time.
  package func offset(at moment: Int64) -> Int64 {
    if let tail, moment >= transitions.last ?? .min { return tail.offset(at: moment) }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    return Int64(offsets[low])
  }

  /// The zone of a name such as `Asia/Almaty`; nil where the system does not have it.
  package static func system(_ name: String, directory: String = "/usr/share/zoneinfo") -> ZoneRules? {
    guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { return nil }
    guard let bytes = read("\(directory)/\(name)") else { return nil }
    return ZoneRules(tzif: bytes)
  }

  private static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    // The largest zone has about 4 KB.
    let limit = 65_536
    return [UInt8](unsafeUninitializedCapacity: limit) { bytes, count in
      while count < limit {
        let got = Glibc.read(file, bytes.baseAddress.map { $0 + count }, limit - count)
        if got <= 0 { break }
        count += got
      }
    }
  }

  /// Reads a TZif file of version 2 or later; nil where it is none.
  package init?(tzif bytes: [UInt8]) {
    var reader = TZifReader(bytes: bytes[...])
    guard let old = reader.header(), old.version >= UInt8(ascii: "2"), reader.skip(old.size(timeBytes: 4)) else { return nil }
    guard let header = reader.header(), header.types > 0 else { return nil }
    var types: [Int32] = []
    guard let times = reader.take(header.times * 8), let indices = reader.take(header.times), let records = reader.take(header.types * 6)
    else { return nil }
    for type in 0..<header.types {
      types.append(Int32(truncatingIfNeeded: TZifReader.integer(records.dropFirst(type * 6).prefix(4))))
    }
    // Before the first transition the first type holds.
    offsets.append(types[0])
    for index in 0..<header.times {
      let moment = TZifReader.integer(times.dropFirst(index * 8).prefix(8))
      let type = Int(indices[indices.startIndex + index])
      guard type < types.count, moment > transitions.last ?? .min else { return nil }
      transitions.append(moment)
      offsets.append(types[type])
    }
    guard reader.skip(header.characters + header.leaps * 12 + header.standards + header.universals) else { return nil }
    guard let footer = reader.footer() else { return nil }
    if !footer.isEmpty {
      guard let tail = ZoneTail(footer) else { return nil }
      self.tail = tail
    }
  }
}

/// Takes a TZif file apart; nothing is read past its end.
private struct TZifReader {
  var bytes: ArraySlice<UInt8>

  struct Header {
    var version: UInt8
    var universals, standards, leaps, times, types, characters: Int

    func size(timeBytes: Int) -> Int {
      times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + standards + universals
    }
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func skip(_ count: Int) -> Bool { take(count) != nil }

  mutating func header() -> Header? {
    guard let head = take(44), head.starts(with: "TZif".utf8) else { return nil }
    let counts = (0..<6).map { Int(TZifReader.integer(head.dropFirst(20 + $0 * 4).prefix(4))) }
    guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
    return Header(
      version: head[head.startIndex + 4], universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3], types: counts[4],
      characters: counts[5])
  }

  /// The text between the last two line feeds.
  mutating func footer() -> String? {
    guard bytes.first == UInt8(ascii: "\n"), let end = bytes.dropFirst().firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    return String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)
  }

  /// Big-endian, signed.
  static func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
    let sign: Int64 = (bytes.first ?? 0) >= 0x80 ? -1 : 0
    return bytes.reduce(sign) { $0 << 8 | Int64($1) }
  }
}
