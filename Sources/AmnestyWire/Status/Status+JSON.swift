// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// A status as members of a JSON object: of the head of an end, or of an error that stands in place of an item.

extension Status {
  /// Writes `,"code":…,"message":…,"details":[…]` and, where there is some, `,"metadata":{…}`.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.member(",\"code\":", self.code.name)
    writer.member(",\"message\":", self.message)
    if !self.details.isEmpty {
      writer.raw(",\"details\":")
      let start = writer.position
      for detail in self.details {
        writer.comma()
        detail.write(to: &writer)
      }
      writer.closeArray(since: start)
    }
    if !self.metadata.isEmpty {
      writer.raw(",\"metadata\":")
      writer.metadata(self.metadata)
    }
  }

  /// The same status, small enough for a head: details of at most 12 KiB, fewer violations listed where they take more, the text cut.
  package func fitted() -> Status {
    let longestText = 2048
    var status = self
    if status.message.utf8.count > longestText { status.message = Status.bounded(status.message, to: longestText) }
    if Self.size(of: status.details) > WireLimits.detailBytes { status.details = Self.cut(status.details) }
    if JSONWriter.withBytes({ $0.metadata(status.metadata) }, use: { $0.count }) > 1024 { status.metadata = [:] }
    return status
  }

  private static func cut(_ details: [StatusDetail]) -> [StatusDetail] {
    var kept: [StatusDetail] = []
    for detail in details {
      var detail = detail
      while size(of: kept + [detail]) > WireLimits.detailBytes, let smaller = detail.halved { detail = smaller }
      if size(of: kept + [detail]) <= WireLimits.detailBytes { kept.append(detail) }
    }
    return kept
  }

  private static func size(of details: [StatusDetail]) -> Int {
    JSONWriter.withBytes({ writer in
      for detail in details {
        writer.comma()
        detail.write(to: &writer)
      }
      writer.byte(UInt8(ascii: "]"))
    }) { $0.count }
  }
}

extension StatusDetail {
  /// The detail with half its parts; nil where there is nothing to leave out.
  fileprivate var halved: StatusDetail? {
    switch self {
    case .badRequest(var request) where !request.fieldViolations.isEmpty:
      request.fieldViolations.removeLast((request.fieldViolations.count + 1) / 2)
      return .badRequest(request)
    case .errorInfo(var info) where !info.metadata.isEmpty:
      info.metadata = [:]
      return .errorInfo(info)
    default:
      return nil
    }
  }
}

extension JSONWriter {
  /// An object of lists of strings, in the order of its keys.
  mutating func metadata(_ metadata: [String: [String]]) {
    let start = self.position
    for (key, values) in metadata.sorted(by: { $0.key < $1.key }) {
      self.comma()
      self.string(key)
      self.byte(UInt8(ascii: ":"))
      self.strings(values)
    }
    self.closeObject(since: start)
  }

  mutating func strings(_ values: [String]) {
    let start = self.position
    for value in values {
      self.comma()
      self.string(value)
    }
    self.closeArray(since: start)
  }
}
