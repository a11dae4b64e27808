// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What ends a call in its course.
extension Status {
  public static func cancelled(_ why: String) -> Status {
    Status(
      .cancelled, reason: "CANCELLED",
      "\(why). What the call had already committed stays; ask again with the same idempotency key to learn its result.")
  }

  public static func deadlineExceeded(milliseconds: Int64) -> Status {
    Status(
      .deadlineExceeded, reason: "DEADLINE_EXCEEDED",
      "The call did not end within \(milliseconds) ms. It may have been applied: ask again with the same idempotency key and a longer timeoutMs.",
      info: ["timeoutMs": String(milliseconds)])
  }

  /// The server is going away; a call above the last of its goaway was never executed.
  public static func draining() -> Status {
    Status(
      .unavailable, reason: "DRAINING", "The server is shutting down and did not execute the call. Connect anew and send it again.",
      details: [.retryInfo(RetryInfo(retryDelayMilliseconds: 100))])
  }

  /// A stream that the shutting down of the server cut.
  public static func streamDrained() -> Status {
    Status(
      .unavailable, reason: "DRAINING",
      "The server is shutting down and has cut the stream. Connect anew and go on from the last resume token.",
      details: [.retryInfo(RetryInfo(retryDelayMilliseconds: 100))])
  }

  /// A call that was still at work when the grace time of the shutting down had passed.
  public static func drainedAtWork() -> Status {
    Status(
      .unavailable, reason: "DRAINING",
      "The server is shutting down and could not finish the call in time. It may have been applied: ask again with the same idempotency key.",
      details: [.retryInfo(RetryInfo(retryDelayMilliseconds: 100))])
  }

  /// A limit of the connection or of the server was met before the call was executed.
  public static func limitReached(_ limit: String, value: Int, subject: String, _ next: String) -> Status {
    Status(
      .resourceExhausted, reason: "LIMIT_REACHED", "\(subject) has reached the limit \(limit) of \(value). \(next)",
      info: ["limit": limit, "value": String(value)],
      details: [.quotaFailure(QuotaFailure(violations: [.init(subject: subject, description: "\(limit) is at most \(value)")]))])
  }

  /// The server has too much to do and did not execute the call.
  public static func overloaded(retryAfterMilliseconds delay: Int64) -> Status {
    Status(
      .unavailable, reason: "OVERLOADED",
      "The server has too many calls at work and did not execute this one. Send it again after \(delay) ms.",
      details: [.retryInfo(RetryInfo(retryDelayMilliseconds: delay))])
  }

  /// An item sent while the call had no credit.
  public static func creditExhausted(id: UInt64) -> Status {
    Status(
      .resourceExhausted, reason: "CREDIT_EXHAUSTED",
      "An item of call \(id) was sent without credit. Wait for a credit frame before sending on; an item may overdraw credit, none may start without.",
      info: ["call": String(id)])
  }

  /// The connection ended before the call did.
  public static func connectionLost(_ why: String) -> Status {
    Status(
      .unavailable, reason: "CONNECTION_LOST",
      "\(why) before the call ended. It may have been applied: retry only what is idempotent, or with the same idempotency key.")
  }

  /// An error that the caller can do nothing about; what it was stands in the server's log only.
  public static func internalError(id: UInt64) -> Status {
    Status(
      .internal, reason: "INTERNAL",
      "The server failed on this call. Its log says why, under call \(id) of this session; tell its operator.",
      info: ["call": String(id)])
  }
}
