// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
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
      throw InputError("\(path): \(String(cString: strerror(errno))). Name an export of the trail, or a copy of the database.")
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
    if case .unavailable(let why) = error {
      return InputError("\(path): \(why.message) (\(why.cause.rawValue)). Name a sound copy of the database.", exitCode: EX_DATAERR)
    }
    return InputError("\(path): \(error). Name a sound copy of the database.", exitCode: EX_DATAERR)
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
    let what =
      switch fault.kind {
      case .changed: "the entry is not what its hash says: it was changed"
      case .unlinked: "the entry does not follow from the one before it: one of the two was replaced"
      case .missing: "entries are missing here"
      case .reordered: "another entry stands here"
      case .truncated: "the trail ends before an entry that a checkpoint saw: its end was cut off"
      case .rewritten: "a checkpoint saw another entry here: the trail was written anew"
      case .badSignature: "the signature of a checkpoint is not right"
      case .unreadable: "the entry cannot be read"
      }
    self.init(seq: Int(fault.sequence), what: what)
  }
}
