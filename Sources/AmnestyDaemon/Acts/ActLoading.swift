// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyServices
internal import Logging

/// Reads a folder of acts into what services answer from. It applies whole or not at all.
struct ActLoading {
  var folder: String
  var defaultAct: String?
  var clock = WallClock.system

  /// The acts, or every problem with its file, line and column.
  func load() -> Result<ActSnapshot, ActsRefused> {
    let result = ActFolder.load(folder, defaultID: defaultAct)
    guard let library = result.library else { return .failure(ActsRefused(folder: folder, problems: result.problems)) }
    return .success(ActSnapshot(library, clock: clock))
  }
}

/// Why the acts of a folder were not taken.
struct ActsRefused: Error {
  var folder: String
  var problems: [FileProblem]

  func log(_ logger: Logger, _ message: Logger.Message) {
    for problem in problems {
      logger.error(message, metadata: ["act.file": "\(problem.file)", "act.problem": "\(problem)"])
    }
  }

  /// For an operator who starts the daemon.
  var error: DaemonError {
    let listed = problems.prefix(20).map(\.description).joined(separator: "\n  ")
    let more = problems.count > 20 ? "\n  and \(problems.count - 20) more" : ""
    return DaemonError(.badData, "the acts in \(folder) cannot be used:\n  \(listed)\(more)")
  }
}

extension ActSnapshot {
  /// One line a start or reload, and one for each act that cannot tell today.
  func log(_ logger: Logger, _ message: Logger.Message, from folder: String) {
    logger.info(
      message,
      metadata: [
        "acts.folder": "\(folder)", "acts.loaded": .array(ids.map { .string($0) }),
        "acts.default": "\(defaultAct?.file.definition.id ?? "none")",
      ])
    for (id, zone) in withoutTimeZone {
      logger.warning(
        "the host does not know the time zone of an act; requests for it must give asOf until tzdata is installed",
        metadata: ["act.id": "\(id)", "act.time_zone": "\(zone)"])
    }
  }
}
