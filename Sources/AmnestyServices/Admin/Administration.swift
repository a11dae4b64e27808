// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// `amnesty.v1.AdminService`: the daemon itself, for those who run it.
package struct Administration: AdminServiceProvider {
  private let reload: @Sendable (CallContext) async -> ReloadOutcome

  /// - Parameter reload: returns once what is new is in force, or was refused.
  package init(reload: @escaping @Sendable (CallContext) async -> ReloadOutcome) { self.reload = reload }

  package func reload(_ request: ReloadRequest, context: CallContext) async throws(Status) -> ReloadResponse {
    switch await reload(context) {
    case .inForce(let snapshot):
      return ReloadResponse(acts: snapshot.acts.map(\.reference), defaultAct: snapshot.defaultAct?.reference.id)
    case .refused(let problems): throw .reloadRefused(problems)
    case .stopping: throw .draining()
    }
  }
}

/// What a reload came to.
package enum ReloadOutcome: Sendable {
  case inForce(ActSnapshot)
  /// What was in force stays.
  case refused([ReloadProblem])
  /// The daemon stops, and reads nothing more.
  case stopping
}

/// Why a reload was refused, and where.
package struct ReloadProblem: Sendable, Hashable, CustomStringConvertible {
  /// File, line and column as far as they are known, such as `acts/a.yaml:12:3`; empty where no file is to blame.
  package var place: String
  package var message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  package var description: String { place.isEmpty ? message : "\(place): \(message)" }
}

extension Status {
  private static let listed = 20

  static func reloadRefused(_ problems: [ReloadProblem]) -> Status {
    let first = problems.first.map { bounded($0.description, to: 1000) } ?? "no problem was told"
    let more = problems.count > 1 ? " (1 of \(problems.count) problems)" : ""
    return Status(
      .failedPrecondition, reason: ErrorReason.reloadRefused,
      "Reload refused, what was in force stays: \(first)\(more). Correct it and reload again.", info: ["problems": "\(problems.count)"],
      details: [
        .preconditionFailure(
          PreconditionFailure(
            violations: problems.prefix(listed).map {
              .init(type: "RELOAD", subject: bounded($0.place, to: 500), description: bounded($0.message, to: 1000))
            }))
      ])
  }
}
