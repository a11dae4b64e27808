// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// How a call ended, if not well: what the server says in `end`, and what every call of the client throws.
public struct Status: Error, Sendable, Equatable {
  public var code: StatusCode
  /// For people; says what to do next. Not stable.
  public var message: String
  /// For programs. What this project's server sends always holds an ``ErrorInfo``.
  public var details: [StatusDetail]
  public var metadata: [String: [String]]

  public init(_ code: StatusCode, _ message: String, details: [StatusDetail] = [], metadata: [String: [String]] = [:]) {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
  }

  /// A status with an ``ErrorInfo`` of this project's domain, and what else fits.
  public init(_ code: StatusCode, reason: String, _ message: String, info: [String: String] = [:], details: [StatusDetail] = []) {
    self.init(code, message, details: [.errorInfo(ErrorInfo(reason: reason, metadata: info))] + details)
  }

  /// The stable reason, such as `MALFORMED_JSON`; nil where the server gave none.
  public var reason: String? { errorInfo?.reason }

  public var errorInfo: ErrorInfo? {
    for case .errorInfo(let info) in details { return info }
    return nil
  }

  public var badRequest: BadRequest? {
    for case .badRequest(let request) in details { return request }
    return nil
  }

  public var retryInfo: RetryInfo? {
    for case .retryInfo(let info) in details { return info }
    return nil
  }
}

extension Status: CustomStringConvertible {
  public var description: String {
    reason.map { "\(code.name) (\($0)): \(message)" } ?? "\(code.name): \(message)"
  }
}
