// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Foundation
internal import RegisterConformance
internal import Testing

/// A folder of a test's own, gone with it.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "register-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String = "register.db") -> String { path + "/" + name }
}

@Suite struct SQLiteConformanceTests {
  @Test(arguments: Conformance.all) func conforms(part: Conformance) async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    try await part.run(Conformance.Subject(register: register, clock: clock))
    await register.maintenance.close()
  }
}
