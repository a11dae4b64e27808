// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a program needs to know of an error beyond its code, in the words of `google.rpc`.
public enum StatusDetail: Sendable, Equatable {
  case errorInfo(ErrorInfo)
  case badRequest(BadRequest)
  case preconditionFailure(PreconditionFailure)
  case quotaFailure(QuotaFailure)
  case retryInfo(RetryInfo)
  case resourceInfo(ResourceInfo)
  case help(Help)
  /// A detail of a type that this version does not know; only its type is kept.
  case other(typeURL: String)
}

/// Why a call failed: the reason is stable and for programs, the message of the status is for people.
public struct ErrorInfo: Sendable, Equatable {
  /// `UPPER_SNAKE_CASE`, such as `MALFORMED_JSON`.
  public var reason: String
  public var domain: String
  public var metadata: [String: String]

  public init(reason: String, domain: String = "amnesty", metadata: [String: String] = [:]) {
    self.reason = reason
    self.domain = domain
    self.metadata = metadata
  }
}

/// The members of a request that do not fit its method.
public struct BadRequest: Sendable, Equatable {
  /// At most ``maximumListed``.
  public var fieldViolations: [FieldViolation]
  /// How many there are, listed or not.
  public var violationsTotal: Int

  /// The most violations that one answer lists.
  public static let maximumListed = 32

  public init(fieldViolations: [FieldViolation], violationsTotal: Int? = nil) {
    self.fieldViolations = Array(fieldViolations.prefix(Self.maximumListed))
    self.violationsTotal = violationsTotal ?? fieldViolations.count
  }
}

/// One member of a request that is wrong.
public struct FieldViolation: Sendable, Equatable {
  /// JSON Pointer into the request message, such as `/record/offences/0/part`; empty for the message itself.
  public var field: String
  public var description: String
  /// Stable word for programs, where there is one.
  public var reason: String?

  public init(field: String, description: String, reason: String? = nil) {
    self.field = field
    self.description = description
    self.reason = reason
  }
}

/// The conditions that must hold before the call can succeed.
public struct PreconditionFailure: Sendable, Equatable {
  public struct Violation: Sendable, Equatable {
    public var type: String
    public var subject: String
    public var description: String

    public init(type: String, subject: String, description: String) {
      self.type = type
      self.subject = subject
      self.description = description
    }
  }

  public var violations: [Violation]

  public init(violations: [Violation]) {
    self.violations = violations
  }
}

/// Which limit was met, and whose it is.
public struct QuotaFailure: Sendable, Equatable {
  public struct Violation: Sendable, Equatable {
    public var subject: String
    public var description: String

    public init(subject: String, description: String) {
      self.subject = subject
      self.description = description
    }
  }

  public var violations: [Violation]

  public init(violations: [Violation]) {
    self.violations = violations
  }
}

/// When to try again.
public struct RetryInfo: Sendable, Equatable {
  /// Milliseconds to wait before the next try; on the wire `retryDelay`, seconds with an `s`, such as `0.250s`.
  public var retryDelayMilliseconds: Int64

  public init(retryDelayMilliseconds: Int64) {
    self.retryDelayMilliseconds = retryDelayMilliseconds
  }
}

/// The thing that the call was about.
public struct ResourceInfo: Sendable, Equatable {
  public var resourceType: String
  public var resourceName: String
  public var owner: String?
  public var description: String?

  public init(resourceType: String, resourceName: String, owner: String? = nil, description: String? = nil) {
    self.resourceType = resourceType
    self.resourceName = resourceName
    self.owner = owner
    self.description = description
  }
}

/// Where to read on.
public struct Help: Sendable, Equatable {
  public struct Link: Sendable, Equatable {
    public var description: String
    public var url: String

    public init(description: String, url: String) {
      self.description = description
      self.url = url
    }
  }

  public var links: [Link]

  public init(links: [Link]) {
    self.links = links
  }
}
