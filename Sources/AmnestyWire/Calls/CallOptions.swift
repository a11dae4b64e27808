// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a caller may say about one call beside its message.
public struct CallOptions: Sendable, Equatable {
  /// How long the caller waits, retries included; nil leaves it to the daemon (30 s for a unary call, no limit for a stream).
  public var timeout: Duration?
  /// On whose behalf the call is made (1-128 characters); only principals that hold `delegate` may say so.
  public var actor: String?
  /// Metadata sent with the call; keys of `[a-z0-9-]{1,64}`, at most 64 entries.
  public var metadata: [String: [String]]

  /// The options named; `CallOptions()` says nothing.
  public init(timeout: Duration? = nil, actor: String? = nil, metadata: [String: [String]] = [:]) {
    self.timeout = timeout
    self.actor = actor
    self.metadata = metadata
  }

  /// Says nothing beside the message.
  public static var defaults: CallOptions { CallOptions() }
}
