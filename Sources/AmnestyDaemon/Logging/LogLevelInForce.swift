// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Logging
internal import Synchronization

/// The least important level that is logged; a reload changes it for every logger.
final class LogLevelInForce: Sendable {
  private let level: Mutex<Logger.Level>

  init(_ level: Logger.Level) { self.level = Mutex(level) }

  var current: Logger.Level { level.withLock { $0 } }

  func replace(with level: Logger.Level) { self.level.withLock { $0 = level } }
}

/// A log handler whose level is the one in force, unless a logger was given its own.
struct LevelledLogHandler: LogHandler {
  private var handler: any LogHandler
  private let inForce: LogLevelInForce
  private var own: Logger.Level?

  init(_ handler: any LogHandler, inForce: LogLevelInForce) {
    self.handler = handler
    self.inForce = inForce
  }

  var logLevel: Logger.Level {
    get { own ?? inForce.current }
    set { own = newValue }
  }

  var metadata: Logger.Metadata {
    get { handler.metadata }
    set { handler.metadata = newValue }
  }

  var metadataProvider: Logger.MetadataProvider? {
    get { handler.metadataProvider }
    set { handler.metadataProvider = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { handler[metadataKey: key] }
    set { handler[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) { handler.log(event: event) }
}
