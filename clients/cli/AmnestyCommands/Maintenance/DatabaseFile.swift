// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyTexts
package import AmnestyWire
internal import Foundation
internal import Glibc

/// A register's database as a file that nobody serves. Only offline tools look at one; everything else asks the daemon.
package enum DatabaseFile {
  /// What every SQLite database begins with.
  private static let magic = Array("SQLite format 3\0".utf8)

  package static func isDatabase(_ path: String) throws(InputError) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let why = SystemError()
      throw InputError { Text.databaseUnreadable($0, path: path, why: why.text(in: $0)) }
    }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: Self.magic.count)
    let count = read(descriptor, &head, head.count)
    return count == head.count && head == Self.magic
  }

  package static func verify(_ path: String, _ checkpoints: [AmnestyWire.AuditCheckpoint]) throws -> VerifyAuditResponse {
    let taken = try AuditExportFile.taken(checkpoints)
    do throws(RegisterError) {
      return VerifyAuditResponse(try SQLiteRegister.verifyAudit(file: path, against: taken))
    } catch {
      throw Self.error(path, error)
    }
  }

  package static func check(_ path: String, _ checkpoints: [AmnestyWire.AuditCheckpoint]) throws -> CheckRegisterResponse {
    let taken = try AuditExportFile.taken(checkpoints)
    do throws(RegisterError) {
      return CheckRegisterResponse(try SQLiteRegister.check(file: path, against: taken))
    } catch {
      throw Self.error(path, error)
    }
  }

  /// Puts a backup in the place of a register. With findings nothing was changed.
  package static func restore(
    _ backup: String, to path: String, _ checkpoints: [AmnestyWire.AuditCheckpoint]
  ) throws -> CheckRegisterResponse {
    let taken = try AuditExportFile.taken(checkpoints)
    let user = "user:\(getuid())"
    let author = Author(person: user, principal: user, role: .admin, office: "")
    let clock = RegisterClock { Instant(milliseconds: Int64((Date.now.timeIntervalSince1970 * 1000).rounded(.down))) }
    do throws(RegisterError) {
      return CheckRegisterResponse(
        try SQLiteRegister.restore(from: backup, to: path, by: author, clock: clock, against: taken))
    } catch {
      throw Self.error(backup, error)
    }
  }

  private static func error(_ path: String, _ error: RegisterError) -> InputError {
    let why = if case .unavailable(let why) = error { "\(why.message) (\(why.cause.rawValue))" } else { "\(error)" }
    return InputError(exitCode: EX_DATAERR) { Text.databaseUnsound($0, path: path, why: why) }
  }
}

extension CheckRegisterResponse {
  fileprivate init(_ report: CheckReport) {
    self.init(
      ok: report.isSound, cases: report.cases, auditEntries: Int(report.auditEntries),
      findings: report.problems.map { RegisterFinding(check: $0.kind.rawValue, message: "\($0.place): \($0.problem)") })
  }
}

extension VerifyAuditResponse {
  init(_ report: AuditReport) {
    self.init(
      ok: report.fault == nil, entries: Int(report.entries), lastHash: "sha256:" + hex(report.lastHash), checkpoints: report.checkpoints,
      faults: report.fault.map { [AmnestyWire.AuditFault($0)] } ?? [])
  }
}

extension AmnestyWire.AuditFault {
  init(_ fault: AmnestyRegister.AuditFault) {
    let kind = fault.kind.rawValue
    self.init(seq: Int(fault.sequence), what: Words.auditFaultKind(kind, .en) ?? kind, kind: AuditFaultKind(word: kind))
  }
}
