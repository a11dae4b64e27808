// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// Code that only starting needs takes half of a daemon at rest.
enum ProgramText {
  /// Gives the pages of code back to the kernel. What is needed again comes from the page cache, a fault for 16 pages at a time; nothing is lost,
  /// because code is never written.
  static func giveBack() {
    for range in codeRanges() { madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED) }
  }

  /// Where files are mapped to be executed.
  private static func codeRanges() -> [Range<UInt>] {
    guard let maps = fopen("/proc/self/maps", "re") else { return [] }
    defer { fclose(maps) }
    var ranges: [Range<UInt>] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, maps) > 0, let line {
      let fields = String(cString: line).split(separator: " ")
      let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard fields.count > 5, fields[1] == "r-xp", fields[5].hasPrefix("/"), ends.count == 2, ends[0] < ends[1] else { continue }
      ranges.append(ends[0]..<ends[1])
    }
    return ranges
  }
}
