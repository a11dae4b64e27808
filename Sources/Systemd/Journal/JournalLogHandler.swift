// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import Logging

/// Writes log events as entries of the journal.
///
/// MESSAGE (the message, then its metadata as `name=value`), PRIORITY, MESSAGE_ID where the message has one, CODE_FILE, CODE_LINE, CODE_FUNC; metadata under `prefix`, a list as one field an
/// element.
package struct JournalLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  package var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let prefix: String
  private let messageIDs: [String: String]
  private let send: @Sendable (JournalEntry) -> Void

  /// - Parameters:
  ///   - prefix: before the names of metadata, such as `AMNESTY`.
  ///   - messageIDs: the id by the message's text, for the catalog to explain.
  package init(
    label: String, level: Logger.Level, prefix: String, messageIDs: [String: String],
    send: @escaping @Sendable (JournalEntry) -> Void = { $0.send() }
  ) {
    self.label = label
    self.logLevel = level
    self.prefix = prefix
    self.messageIDs = messageIDs
    self.send = send
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) { send(entry(of: event)) }

  package func entry(of event: LogEvent) -> JournalEntry {
    let message = event.message.description
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error { all["error"] = .string("\(error)") }
    let sorted = all.sorted { $0.key < $1.key }
    // Who reads the journal without asking for fields sees them too.
    let text = sorted.isEmpty ? message : message + ": " + sorted.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    var fields = [JournalEntry.Field("MESSAGE", text), .init("PRIORITY", String(event.level.priority))]
    if let id = messageIDs[message] { fields.append(.init("MESSAGE_ID", id)) }
    fields += [
      .init("CODE_FILE", event.file), .init("CODE_LINE", String(event.line)), .init("CODE_FUNC", event.function),
      .init("\(prefix)_LOGGER", label),
    ]
    for (key, value) in sorted { append(key, value, to: &fields) }
    return JournalEntry(fields)
  }

  private func append(_ key: String, _ value: Logger.Metadata.Value, to fields: inout [JournalEntry.Field]) {
    switch value {
    case .string(let text): fields.append(.init(JournalEntry.fieldName(prefix: prefix, key), text))
    case .stringConvertible(let value): fields.append(.init(JournalEntry.fieldName(prefix: prefix, key), value.description))
    case .array(let values): for value in values { append(key, value, to: &fields) }
    case .dictionary(let members):
      for (name, value) in members.sorted(by: { $0.key < $1.key }) { append("\(key).\(name)", value, to: &fields) }
    }
  }
}

extension Logger.Level {
  /// The priority of syslog(3).
  package var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
