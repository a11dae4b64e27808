// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// Every generated message. The input is the message's name, a line feed, and its bytes.
enum MessagesTarget {
  private static let checks = Dictionary(uniqueKeysWithValues: MessageCheck.all.map { ($0.name, $0) })

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    guard let end = bytes.prefix(64).firstIndex(of: UInt8(ascii: "\n")),
      let check = Self.checks[String(decoding: bytes[..<end], as: UTF8.self)]
    else { return .noInput }
    let body = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...])
    try check.run(body)
    if check.name == "AssessRequest" { try Self.checkScan(body) }
    return .worthKeeping
  }

  /// Whatever a scan takes the reader takes too, and both say the same.
  private static func checkScan(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) {
    var scan = AssessRequest.Scan()
    guard AssessRequest.scan(bytes, into: &scan) else { return }
    let request: AssessRequest
    do throws(Status) {
      request = try AssessRequest.decode(ByteBuffer(bytes: bytes))
    } catch {
      throw Discrepancy("scanned, but refused: \(error)")
    }
    try requireEqual(scan.record.digest(in: bytes).text, request.record.digest, "the digest of the record")
    try requireEqual(
      JSONWriter.text { scan.writeCanonical(&$0, bytes) }, JSONWriter.text { request.writeCanonical(&$0) }, "the canonical form")
  }
}
