// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a request can be refused for.
extension Status {
  /// The body is not I-JSON. `offset` counts the bytes of the body before the place.
  public static func malformedJSON(offset: Int, _ what: String = "the text is not JSON here") -> Status {
    Status(
      .invalidArgument, reason: "MALFORMED_JSON",
      "Malformed JSON at byte \(offset) of the message: \(what). Send one JSON value in UTF-8 (RFC 7493).",
      info: ["offset": String(offset)])
  }

  /// The body is JSON, but members of it do not fit the request message.
  public static func invalidField(_ violations: [FieldViolation], total: Int? = nil) -> Status {
    let request = BadRequest(fieldViolations: violations, violationsTotal: total)
    let first = violations.first.map { "\($0.field.isEmpty ? "the message" : $0.field): \($0.description)" } ?? "no violation listed"
    let more = request.violationsTotal > 1 ? " (1 of \(request.violationsTotal))" : ""
    return Status(
      .invalidArgument, reason: "INVALID_FIELD", "\(first)\(more). Correct the members that are listed in fieldViolations.",
      details: [.badRequest(request)])
  }

  /// No service of this server has such a method.
  public static func unimplemented(method: String) -> Status {
    Status(
      .unimplemented, reason: "UNKNOWN_METHOD",
      "There is no method \(bounded(method)). amnesty.reflection.v1.Reflection/ListServices lists those there are.",
      info: ["method": bounded(method)])
  }

  /// The head of a call can be read, but a member of it does not hold what it must.
  ///
  /// - Parameter member: the head's own member, or the place below it that is wrong; programs are told the first, people the whole.
  public static func invalidHead(member: String, _ what: String) -> Status {
    Status(
      .invalidArgument, reason: "INVALID_HEAD", "The head's member \(bounded(member)) is wrong: \(what).",
      info: ["member": bounded(member.split(separator: "/").first.map(String.init) ?? member)])
  }

  /// A frame or a line is longer than the receiver accepts.
  public static func messageTooLarge(bytes: Int, limit: Int) -> Status {
    Status(
      .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
      "The message's frame has \(bytes) bytes, the limit is \(limit). Send less in one message, or use a streaming method.",
      info: ["bytes": String(bytes), "limit": String(limit)])
  }

  /// The answer is longer than the client accepts by the `maxFrame` of its hello.
  public static func answerTooLarge(bytes: Int, limit: Int) -> Status {
    Status(
      .resourceExhausted, reason: "ANSWER_TOO_LARGE",
      "The answer's frame has \(bytes) bytes, but your hello accepts at most \(limit). Ask for less, or raise maxFrame in hello.",
      info: ["bytes": String(bytes), "limit": String(limit)])
  }

  /// A message where the call may carry none, or more messages than the method takes.
  public static func unexpectedMessage(_ what: String) -> Status {
    Status(.invalidArgument, reason: "UNEXPECTED_MESSAGE", "\(what). Start a call with \"open\":true to send items, and none after done.")
  }

  /// The call was half-closed before the one message that its method takes.
  public static func missingMessage(method: String) -> Status {
    Status(
      .invalidArgument, reason: "MISSING_MESSAGE",
      "\(method) takes one message and got none. Send it as the body of the call or as one item before done.", info: ["method": method])
  }

  /// The caller has no role that the method asks for.
  public static func permissionDenied(method: String, role: String, principal: String, grantedBy grantor: String) -> Status {
    Status(
      .permissionDenied, reason: "ROLE_MISSING", "\(method) needs the role \(role), which \(principal) does not hold here. \(grantor)",
      info: ["method": method, "role": role, "principal": principal])
  }

  /// A call speaks for an actor, which its principal may not.
  public static func delegationDenied(principal: String, grantedBy grantor: String) -> Status {
    Status(
      .permissionDenied, reason: "DELEGATE_MISSING",
      "Only a principal with the role delegate may name an actor, and \(principal) does not hold it here. Leave out actor. \(grantor)",
      info: ["role": "delegate", "principal": principal])
  }

  /// A thing that does not exist, or that the caller may not know to exist.
  public static func notFound(type: String, name: String, _ next: String) -> Status {
    Status(
      .notFound, reason: "NOT_FOUND", "There is no \(type) \(bounded(name)). \(next)",
      details: [.resourceInfo(ResourceInfo(resourceType: type, resourceName: bounded(name)))])
  }

  /// A peer's text, short enough to be repeated in an answer.
  package static func bounded(_ text: String, to limit: Int = 200) -> String {
    text.utf8.count <= limit ? text : String(text.prefix(limit / 4)) + "…"
  }
}
