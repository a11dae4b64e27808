// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// How many messages go each way.
public enum CallKind: Sendable, Hashable, CaseIterable {
  case unary, clientStreaming, serverStreaming, bidirectional

  /// Whether the client may send more than one message.
  public var streamsRequests: Bool { self == .clientStreaming || self == .bidirectional }

  /// Whether the server answers with items instead of one response in `end`.
  public var streamsResponses: Bool { self == .serverStreaming || self == .bidirectional }
}

/// What happens when a call is executed twice.
public enum Idempotency: Sendable, Hashable, CaseIterable {
  /// It changes nothing.
  case noSideEffects
  /// The second time changes nothing more.
  case idempotent
  /// Not known to be harmless: never retried by itself.
  case none

  /// Whether a call may be sent again when the first try was UNAVAILABLE.
  public var mayRetry: Bool { self != .none }
}

/// One method of the contract, as the registry declares it.
public struct MethodDescriptor: Sendable, Hashable {
  /// Such as `amnesty.v1.EligibilityService/Assess`.
  public let name: String
  public let kind: CallKind
  public let idempotency: Idempotency
  /// The role that a caller needs; nil where any identified peer may call.
  public let role: String?

  public init(name: String, kind: CallKind, idempotency: Idempotency, role: String? = nil) {
    self.name = name
    self.kind = kind
    self.idempotency = idempotency
    self.role = role
  }
}
