// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
package import Logging

/// One JSON object a line: `time`, `level`, `message`, then the metadata under its own names.
package struct JSONLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  package var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let write: @Sendable (String) -> Void

  package init(label: String, level: Logger.Level, write: (@Sendable (String) -> Void)? = nil) {
    self.label = label
    self.logLevel = level
    let standardError = LineWriter()
    self.write = write ?? { standardError.write($0) }
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error { all["error"] = .string("\(error)") }
    let time = LogTime.now()
    let line = JSONWriter.text { writer in
      let start = writer.position
      Self.member("time", &writer)
      writer.string(time)
      Self.member("level", &writer)
      writer.string(event.level.rawValue)
      Self.member("logger", &writer)
      writer.string(label)
      Self.member("message", &writer)
      writer.string(event.message.description)
      for (name, value) in all.sorted(by: { $0.key < $1.key }) {
        // The fixed members are the handler's own.
        Self.member(["time", "level", "logger", "message"].contains(name) ? "metadata." + name : name, &writer)
        Self.value(value, &writer)
      }
      writer.closeObject(since: start)
    }
    write(line + "\n")
  }

  private static func member(_ name: String, _ writer: inout JSONWriter) {
    writer.comma()
    writer.string(name)
    writer.byte(UInt8(ascii: ":"))
  }

  private static func value(_ value: Logger.Metadata.Value, _ writer: inout JSONWriter) {
    switch value {
    case .string(let text): writer.string(text)
    case .stringConvertible(let value): writer.string(value.description)
    case .array(let values):
      let start = writer.position
      for value in values {
        writer.comma()
        Self.value(value, &writer)
      }
      writer.closeArray(since: start)
    case .dictionary(let members):
      let start = writer.position
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        member(name, &writer)
        Self.value(value, &writer)
      }
      writer.closeObject(since: start)
    }
  }
}
