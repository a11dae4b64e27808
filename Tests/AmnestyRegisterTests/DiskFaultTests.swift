// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Foundation
internal import RegisterConformance
internal import Testing

/// A disk that fails beneath the register: what it answers is true after a restart too.
@Suite struct DiskFaultTests {
  private enum Told: Hashable {
    case stored, nothingChanged, unknown
  }

  private let subject: FaultTests.Subject

  init() throws {
    FaultyFiles.install()
    subject = try FaultTests.Subject()
  }

  private func add(_ reference: String) async -> Told {
    do throws(RegisterError) {
      try await subject.add(reference)
      return .stored
    } catch {
      if case .outcomeUnknown = error { return .unknown }
      return .nothingChanged
    }
  }

  private func fault(_ faults: FaultyFiles.Faults) { FaultyFiles.set(faults, of: subject.folder.file()) }

  /// What is in the files as they are now, for the next process if this one dies.
  private func afterKill() async throws -> [String] {
    let copy = try Folder()
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: subject.folder.file() + suffix) {
      try FileManager.default.copyItem(atPath: subject.folder.file() + suffix, toPath: copy.file() + suffix)
    }
    let register = SQLiteRegister(path: copy.file(), policy: Synthetic.policy, clock: subject.clock.clock)
    let found = try await register.read { reading throws(RegisterError) in
      try reading.scan(after: nil, limit: 10_000, scope: .everything).map(\.reference)
    }
    #expect(try await register.check().problems == [])
    await register.close()
    return found
  }

  @Test func aCommandWhoseSyncFailedIsNotInTheRegisterWhereThatWasSaid() async throws {
    #expect(await add("SYN-1") == .stored)
    fault(.init(failingSyncs: 1))
    #expect(await add("SYN-2") == .nothingChanged)
    #expect(try await afterKill() == ["SYN-1"])
    subject.wait()
    try await subject.serves(["SYN-1"])
  }

  @Test func whereEverySyncFailsTheOutcomeIsToldAsUnknown() async throws {
    #expect(await add("SYN-1") == .stored)
    fault(.init(failingSyncs: .max))
    var told: [String: Told] = ["SYN-1": .stored]
    for number in 2..<40 {
      told["SYN-\(number)"] = await add("SYN-\(number)")
      if number % 2 == 0 { subject.wait() }
    }
    #expect(Set(told.values).contains(.unknown))
    let found = Set(try await afterKill())
    for (reference, told) in told where told != .unknown { #expect(found.contains(reference) == (told == .stored), "\(reference)") }
    // The same key again: done once, wherever it was stored before.
    fault(.init())
    subject.wait()
    for reference in told.keys { #expect(await add(reference) == .stored) }
    try await subject.serves(told.keys.sorted())
  }

  @Test func readsThatFailAreToldByHealthThoughWritesSucceed() async throws {
    #expect(await add("SYN-1") == .stored)
    fault(.init(readsFail: true))
    await #expect(throws: RegisterError.self) { try await subject.references() }
    try await until { subject.register.unavailability?.cause == .inputOutput }
    #expect(subject.register.statistics.failedReads > 0)
    // What the writer has in memory it still writes; that is no sign that reading works.
    _ = await add("SYN-2")
    #expect(subject.register.unavailability != nil)
    fault(.init())
    subject.wait()
    #expect(await add("SYN-3") == .stored)
    try await until { subject.register.unavailability == nil }
    #expect(try await subject.references().contains("SYN-1"))
    await subject.register.close()
  }

  private func until(_ condition: () -> Bool) async throws {
    for _ in 0..<2_000_000 {
      if condition() { return }
      await Task.yield()
    }
    Issue.record("it never came to that")
  }
}
