// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore
internal import Testing

@testable internal import RPCServer

@Suite("Registry of connections") struct ConnectionRegistryTests {
  private func limits(perUser: Int) -> ServerLimits {
    var limits = ServerLimits()
    limits.connectionsPerUser = perUser
    return limits
  }

  @Test("A refusal is news once, until the user has come in again")
  func firstRefusal() throws {
    let registry = ConnectionRegistry(limits: limits(perUser: 1))
    let now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    let id = try registry.enter(uid: 7, now: now) { _ in }
    #expect(throws: ConnectionAdmission.Refusal.connectionsPerUser(limit: 1)) { try registry.enter(uid: 7, now: now) { _ in } }
    #expect(registry.isFirstRefusal(uid: 7))
    #expect(!registry.isFirstRefusal(uid: 7))
    #expect(registry.isFirstRefusal(uid: 8))
    registry.leave(id, uid: 7, now: now)
    _ = try registry.enter(uid: 7, now: now) { _ in }
    #expect(registry.isFirstRefusal(uid: 7))
  }

  @Test("New limits hold for who comes in, and send nobody away")
  func newLimits() throws {
    let registry = ConnectionRegistry(limits: limits(perUser: 2))
    let now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    for _ in 0..<2 { _ = try registry.enter(uid: 7, now: now) { _ in } }
    registry.replace(limits: limits(perUser: 1))
    #expect(registry.count == 2)
    #expect(throws: ConnectionAdmission.Refusal.connectionsPerUser(limit: 1)) { try registry.enter(uid: 7, now: now) { _ in } }
    registry.replace(limits: limits(perUser: 3))
    _ = try registry.enter(uid: 7, now: now) { _ in }
  }
}
