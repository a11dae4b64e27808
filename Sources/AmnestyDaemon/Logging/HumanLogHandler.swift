// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import Logging

/// One line of text: time, level, message, then the metadata as `name=value`.
package struct HumanLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  package var metadataProvider: Logger.MetadataProvider?
  private let isColoured: Bool
  private let write: @Sendable (String) -> Void

  package init(level: Logger.Level, isColoured: Bool = false, write: (@Sendable (String) -> Void)? = nil) {
    self.logLevel = level
    self.isColoured = isColoured
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
    var line = "\(LogTime.now().dropFirst(11)) \(paint(event.level)) \(Self.printable(event.message.description))"
    for (name, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(name)=\(Self.printable("\(value)"))" }
    write(line + "\n")
  }

  private func paint(_ level: Logger.Level) -> String {
    let word = level.rawValue
    let name = word + String(repeating: " ", count: max(0, 8 - word.count))
    guard isColoured else { return name }
    switch level {
    case .error, .critical: return "\u{1B}[31m\(name)\u{1B}[0m"
    case .warning: return "\u{1B}[33m\(name)\u{1B}[0m"
    case .trace, .debug: return "\u{1B}[2m\(name)\u{1B}[0m"
    case .info, .notice: return "\u{1B}[32m\(name)\u{1B}[0m"
    }
  }

  /// A line stays one line, and a peer's text cannot drive the terminal.
  private static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    return text.unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}
