// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore

/// Counts connections, in all and by user, and says which may come in.
///
/// A value without a clock: the registry of connections holds it behind its lock.
struct ConnectionAdmission {
  enum Refusal: Error, Equatable {
    case connections(limit: Int)
    case connectionsPerUser(limit: Int)
    case connectionRatePerUser(limit: Int)
  }

  private struct User {
    var count = 0
    /// Tokens of a bucket that fills by the rate a second up to twice the rate.
    var tokens: Double
    var refilledAt: NIODeadline
  }

  var limits: ServerLimits
  private(set) var count = 0
  private var users: [UInt32: User] = [:]

  init(limits: ServerLimits) {
    self.limits = limits
  }

  mutating func admit(uid: UInt32, now: NIODeadline) throws(Refusal) {
    guard self.count < self.limits.connections else { throw .connections(limit: self.limits.connections) }
    let rate = Double(self.limits.connectionRatePerUser)
    var user = self.users[uid] ?? User(tokens: rate * 2, refilledAt: now)
    let elapsed = Double((now - user.refilledAt).nanoseconds) / 1e9
    user.tokens = min(rate * 2, user.tokens + max(0, elapsed) * rate)
    user.refilledAt = now
    defer { self.users[uid] = user }
    guard user.count < self.limits.connectionsPerUser else { throw .connectionsPerUser(limit: self.limits.connectionsPerUser) }
    guard user.tokens >= 1 else { throw .connectionRatePerUser(limit: self.limits.connectionRatePerUser) }
    user.tokens -= 1
    user.count += 1
    self.count += 1
  }

  mutating func leave(uid: UInt32, now: NIODeadline) {
    guard var user = self.users[uid], user.count > 0 else { return }
    self.count -= 1
    user.count -= 1
    // A user whose bucket would be full again is as good as unknown.
    let isForgettable = user.count == 0 && (now - user.refilledAt) > .seconds(2)
    self.users[uid] = isForgettable ? nil : user
    if self.users.count > self.limits.connections { self.forgetIdleUsers(now: now) }
  }

  private mutating func forgetIdleUsers(now: NIODeadline) {
    self.users = self.users.filter { $0.value.count > 0 || (now - $0.value.refilledAt) <= .seconds(2) }
  }
}

extension ConnectionAdmission.Refusal {
  /// What the goaway tells.
  var message: String {
    switch self {
    case .connections(let limit):
      "The server holds \(limit) connections, its limit. Try again later, or ask the administrator to raise it."
    case .connectionsPerUser(let limit):
      "Your user holds \(limit) connections, its limit. Use the ones you have: each carries many calls."
    case .connectionRatePerUser(let limit):
      "Your user opens more than \(limit) connections a second. Keep one open: it carries many calls."
    }
  }
}
