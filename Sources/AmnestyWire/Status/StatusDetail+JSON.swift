// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Details on the wire: objects with an "@type", in the JSON form of google.rpc's messages.

extension StatusDetail {
  private static let prefix = "type.googleapis.com/google.rpc."

  /// The value of `@type`.
  public var typeURL: String {
    switch self {
    case .errorInfo: Self.prefix + "ErrorInfo"
    case .badRequest: Self.prefix + "BadRequest"
    case .preconditionFailure: Self.prefix + "PreconditionFailure"
    case .quotaFailure: Self.prefix + "QuotaFailure"
    case .retryInfo: Self.prefix + "RetryInfo"
    case .resourceInfo: Self.prefix + "ResourceInfo"
    case .help: Self.prefix + "Help"
    case .other(let typeURL): typeURL
    }
  }

  func write(to writer: inout JSONWriter) {
    let start = writer.position
    writer.raw(",\"@type\":")
    writer.string(self.typeURL)
    switch self {
    case .errorInfo(let info):
      writer.member(",\"reason\":", info.reason)
      writer.member(",\"domain\":", info.domain)
      guard !info.metadata.isEmpty else { break }
      writer.raw(",\"metadata\":")
      let metadata = writer.position
      for (key, value) in info.metadata.sorted(by: { $0.key < $1.key }) {
        writer.comma()
        writer.string(key)
        writer.byte(UInt8(ascii: ":"))
        writer.string(value)
      }
      writer.closeObject(since: metadata)
    case .badRequest(let request):
      writer.list(",\"fieldViolations\":", request.fieldViolations) { writer, violation in
        writer.member(",\"field\":", violation.field)
        writer.member(",\"description\":", violation.description)
        writer.member(",\"reason\":", violation.reason)
      }
      writer.raw(",\"violationsTotal\":")
      writer.integer(Int64(request.violationsTotal))
    case .preconditionFailure(let failure):
      writer.list(",\"violations\":", failure.violations) { writer, violation in
        writer.member(",\"type\":", violation.type)
        writer.member(",\"subject\":", violation.subject)
        writer.member(",\"description\":", violation.description)
      }
    case .quotaFailure(let failure):
      writer.list(",\"violations\":", failure.violations) { writer, violation in
        writer.member(",\"subject\":", violation.subject)
        writer.member(",\"description\":", violation.description)
      }
    case .retryInfo(let info):
      writer.member(",\"retryDelay\":", info.retryDelay)
    case .resourceInfo(let info):
      writer.member(",\"resourceType\":", info.resourceType)
      writer.member(",\"resourceName\":", info.resourceName)
      writer.member(",\"owner\":", info.owner)
      writer.member(",\"description\":", info.description)
    case .help(let help):
      writer.list(",\"links\":", help.links) { writer, link in
        writer.member(",\"description\":", link.description)
        writer.member(",\"url\":", link.url)
      }
    case .other:
      break
    }
    writer.closeObject(since: start)
  }
}

extension RetryInfo {
  /// Seconds with three decimals and an `s`, as protobuf writes a duration.
  var retryDelay: String {
    let milliseconds = max(0, self.retryDelayMilliseconds)
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest + "s"
  }

  /// Reads a duration such as `3s` or `0.250s`; nil for another text.
  init?(retryDelay text: String) {
    guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds >= 0, seconds < 1e12 else { return nil }
    self.init(retryDelayMilliseconds: Int64((seconds * 1000).rounded()))
  }
}

extension JSONWriter {
  /// A member of a fixed name with its comma; nothing where it has no value.
  mutating func member(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    self.raw(name)
    self.string(value)
  }

  fileprivate mutating func list<Element>(_ name: StaticString, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void) {
    self.raw(name)
    let start = self.position
    for element in elements {
      self.comma()
      let object = self.position
      body(&self, element)
      self.closeObject(since: object)
    }
    self.closeArray(since: start)
  }
}
