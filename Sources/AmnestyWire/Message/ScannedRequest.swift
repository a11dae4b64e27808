// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension AssessRequest {
  /// Scans a request of the usual spelling, which nearly every one is; false where ``decode(_:)`` has to say what it is.
  ///
  /// Whatever a scan takes, `decode` takes too, and both say the same.
  package static func scan(_ bytes: UnsafeRawBufferPointer, into scan: inout Scan) -> Bool {
    JSONReader.scan(bytes) { reader throws(JSONError) in try Self.scan(into: &scan, &reader) }
  }
}

extension CaseRecord {
  /// The same for a record by itself.
  package static func scan(_ bytes: UnsafeRawBufferPointer, into scan: inout Scan) -> Bool {
    JSONReader.scan(bytes) { reader throws(JSONError) in try Self.scan(into: &scan, &reader) }
  }
}

extension CaseRecord.Scan {
  /// The digest of the record's canonical form. `bytes`: those that were scanned.
  package func digest(in bytes: UnsafeRawBufferPointer) -> SHA256Sum {
    SHA256Sum { self.writeCanonical(&$0, bytes) }
  }
}
