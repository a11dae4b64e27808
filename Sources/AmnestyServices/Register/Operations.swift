// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
package import AmnestyWire

/// `amnesty.v1.OperationsService`: what operators need of a running daemon.
package struct Operations: OperationsServiceProvider {
  private let access: RegisterAccess
  private let backupFolder: String
  private let figures: @Sendable () -> String

  /// - Parameters:
  ///   - backupFolder: where backups are written; it exists.
  ///   - figures: the daemon's figures as OpenMetrics text.
  package init(_ access: RegisterAccess, backupFolder: String, figures: @escaping @Sendable () -> String) {
    self.access = access
    self.backupFolder = backupFolder
    self.figures = figures
  }

  package func backup(_ request: BackupRequest, context: CallContext) async throws(Status) -> BackupResponse {
    let at = access.now
    let name = request.name ?? "register-" + at.text.filter { $0 != ":" && $0 != "." } + ".sqlite"
    // A name, never a path: the daemon writes with its own rights.
    guard !name.hasPrefix("."), name.utf8.allSatisfy({ Operations.allowed.contains($0) }) else {
      throw .invalidField([
        FieldViolation(field: "/name", description: "must be a file name of letters, digits, . _ - and not begin with a dot")
      ])
    }
    let path = backupFolder + "/" + name
    let author = access.caller(context).reader(as: .admin)
    do throws(RegisterError) {
      try await access.register.maintenance.backUp(to: path, by: author) { _ in }
    } catch {
      if case .invalid(_, let problem) = error {
        throw .invalidField([FieldViolation(field: "/name", description: problem)])
      }
      throw Status(error)
    }
    return BackupResponse(file: path, at: at.text)
  }

  private static let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".utf8)

  package func check(_ request: CheckRegisterRequest, context: CallContext) async throws(Status) -> CheckRegisterResponse {
    do throws(RegisterError) {
      let report = try await access.register.maintenance.check()
      return CheckRegisterResponse(
        ok: report.isSound, cases: report.cases, auditEntries: Int(report.auditEntries),
        findings: report.problems.map { RegisterFinding(check: $0.kind.rawValue, message: "\($0.place): \($0.problem)") })
    } catch {
      throw Status(error)
    }
  }

  package func metrics(_ request: GetMetricsRequest, context: CallContext) async throws(Status) -> GetMetricsResponse {
    GetMetricsResponse(openMetrics: figures())
  }
}
