// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// One operation of a compiled condition: plain numbers, no reference, so that evaluating costs no count of any.
struct ConditionNode: Sendable, BitwiseCopyable {
  enum Operation: UInt8, Sendable, BitwiseCopyable {
    case all, any, not
    /// The truth whose raw value is `a`.
    case constant
    /// Word, boolean or territory: the value's bit is in the mask `a` (values below 64), or equals `a`.
    case inMask, equals
    case intersects
    case compare, compareDay
    case stated
    case committedWithin
    case articleIn, articleNumber
    case ageUnder
    case servedShare, remaining, endsBefore
  }

  var operation: Operation
  var comparison: Comparison = .equal
  var fact: FactRef = .record(0)
  var fallback: FactRef?
  var day: CompiledDay = .constant(0)
  var a: Int64 = 0
  var b: Int64 = 0
  /// Children are `children[first ..< first + count]` of the act.
  var first: Int32 = 0
  var count: Int32 = 0

  init(_ operation: Operation) { self.operation = operation }

  static func constant(_ truth: Truth) -> ConditionNode {
    var node = ConditionNode(.constant)
    node.a = Int64(truth.rawValue)
    return node
  }
}

/// A day reference with its constants filled in.
enum CompiledDay: Sendable, Equatable, BitwiseCopyable {
  case constant(Int32)
  case asOf
  case fact(FactRef)
  case inForceOrImposed(Int32)
  /// The days of the offence in hand.
  case offence
  /// From this day through the one `span` days later.
  case range(Int32, span: Int32)
}

/// A list of articles, sorted for binary search; parts as a bit set, all bits for every part.
struct ArticleTable: Sendable {
  static let everyPart = ~UInt64(0)

  struct Entry: Sendable, BitwiseCopyable {
    var code: Int64
    var parts: UInt64
  }

  var entries: [Entry]

  init(_ entries: [ArticleEntry]) {
    var byCode: [Int64: UInt64] = [:]
    for entry in entries {
      let mask = entry.parts.map { $0.reduce(UInt64(0)) { $0 | ($1 >= 0 && $1 < 63 ? 1 << UInt64($1) : 0) } } ?? ArticleTable.everyPart
      byCode[entry.article.code, default: 0] |= mask
    }
    self.entries = byCode.map { Entry(code: $0.key, parts: $0.value) }.sorted { $0.code < $1.code }
  }

  func parts(of code: Int64) -> UInt64 { entries.withUnsafeBufferPointer { ArticleTable.parts(of: code, in: $0) } }

  static func parts(of code: Int64, in entries: UnsafeBufferPointer<Entry>) -> UInt64 {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].code < code { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].code == code ? entries[low].parts : 0
  }
}
