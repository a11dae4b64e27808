// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import ArgumentParser
internal import Foundation
internal import NIOCore

/// What is measured: a closure that does one thing as often as it is told.
struct Workload {
  var run: (Int) -> Void

  static func named(_ name: String, options: WorkloadOptions) throws -> Workload {
    let bytes = try Data(contentsOf: URL(filePath: options.record))
    switch name {
    case "read": return try read(bytes)
    case "write": return try write(bytes)
    case "foundation-read": return try foundationRead(bytes)
    case "foundation-write": return try foundationWrite(bytes)
    case "assess": return try assess([bytes], explain: false, act: options.act)
    case "assess-explained": return try assess([bytes], explain: true, act: options.act)
    case "each-assess": return try assess(lines(bytes), explain: false, act: options.act)
    case "each-assess-explained": return try assess(lines(bytes), explain: true, act: options.act)
    default: throw ValidationError("no workload '\(name)'")
    }
  }

  private static func lines(_ bytes: Data) -> [Data] { bytes.split(separator: UInt8(ascii: "\n")).map { Data($0) } }

  /// The generated reader, all strings built.
  private static func read(_ bytes: Data) throws -> Workload {
    let buffer = ByteBuffer(bytes: bytes)
    _ = try CaseRecord.decode(buffer)
    return Workload { count in
      var failures = 0
      for _ in 0..<count where (try? CaseRecord.decode(buffer)) == nil { failures += 1 }
      keep(failures)
    }
  }

  /// The generated writer into a buffer that is used again.
  private static func write(_ bytes: Data) throws -> Workload {
    let record = try CaseRecord.decode(ByteBuffer(bytes: bytes))
    return Workload { count in
      var buffer = ByteBufferAllocator().buffer(capacity: 4096)
      for _ in 0..<count {
        buffer.clear()
        record.encode(into: &buffer)
      }
      keep(buffer)
    }
  }

  private static func foundationRead(_ bytes: Data) throws -> Workload {
    let decoder = JSONDecoder()
    _ = try decoder.decode(FoundationRecord.self, from: bytes)
    return Workload { count in
      var failures = 0
      for _ in 0..<count where (try? decoder.decode(FoundationRecord.self, from: bytes)) == nil { failures += 1 }
      keep(failures)
    }
  }

  private static func foundationWrite(_ bytes: Data) throws -> Workload {
    let record = try JSONDecoder().decode(FoundationRecord.self, from: bytes)
    let encoder = JSONEncoder()
    return Workload { count in
      for _ in 0..<count { keep(try? encoder.encode(record)) }
    }
  }
}

/// Keeps the optimiser from leaving out work whose result nobody reads.
@inline(never)
func keep<Value>(_ value: Value) {
  withExtendedLifetime(value) {}
}
