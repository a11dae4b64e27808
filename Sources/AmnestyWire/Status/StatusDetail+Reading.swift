// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Reading details: tolerant, since a newer server may know more. What is not understood is left out or kept by its type.

extension StatusDetail {
  /// The member `details`.
  package static func readList(_ reader: inout JSONReader) throws(JSONError) -> [StatusDetail] {
    var details: [StatusDetail] = []
    guard try reader.enterArray() == .nonEmpty else { return details }
    repeat {
      var members = DetailMembers()
      try members.read(&reader)
      details.append(members.detail)
    } while try reader.nextElement()
    return details
  }
}

/// The members of all the details, whichever it is: they never differ in type under one name.
private struct DetailMembers {
  var texts: [String: String] = [:]
  var metadata: [String: String] = [:]
  var violations: [[String: String]] = []
  var links: [[String: String]] = []
  var violationsTotal: Int?

  mutating func read(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.enterObject() == .nonEmpty else { return }
    var names = JSONNameSet()
    repeat {
      let key = try reader.readKey()
      switch key.string {
      case "metadata":
        try names.insert(key)
        self.metadata = try reader.readTexts()
      case "fieldViolations", "violations":
        try names.insert(key)
        self.violations = try Self.readObjects(&reader)
      case "links":
        try names.insert(key)
        self.links = try Self.readObjects(&reader)
      case "violationsTotal":
        try names.insert(key)
        self.violationsTotal = Int(try reader.readInteger(in: 0...WireLimits.largestInteger))
      case let name:
        try names.insert(key)
        if try reader.isAtString() { self.texts[name] = try reader.readString() } else { try reader.skipValue() }
      }
    } while try reader.nextMember()
  }

  private static func readObjects(_ reader: inout JSONReader) throws(JSONError) -> [[String: String]] {
    var objects: [[String: String]] = []
    guard try reader.enterArray() == .nonEmpty else { return objects }
    repeat { objects.append(try reader.readTexts()) } while try reader.nextElement()
    return objects
  }

  var detail: StatusDetail {
    let type = self.texts["@type"] ?? ""
    switch type {
    case "type.googleapis.com/google.rpc.ErrorInfo":
      return .errorInfo(ErrorInfo(reason: self.texts["reason"] ?? "", domain: self.texts["domain"] ?? "", metadata: self.metadata))
    case "type.googleapis.com/google.rpc.BadRequest":
      let violations = self.violations.map {
        FieldViolation(field: $0["field"] ?? "", description: $0["description"] ?? "", reason: $0["reason"])
      }
      return .badRequest(BadRequest(fieldViolations: violations, violationsTotal: self.violationsTotal))
    case "type.googleapis.com/google.rpc.PreconditionFailure":
      return .preconditionFailure(
        PreconditionFailure(
          violations: self.violations.map {
            .init(type: $0["type"] ?? "", subject: $0["subject"] ?? "", description: $0["description"] ?? "")
          }))
    case "type.googleapis.com/google.rpc.QuotaFailure":
      return .quotaFailure(
        QuotaFailure(violations: self.violations.map { .init(subject: $0["subject"] ?? "", description: $0["description"] ?? "") }))
    case "type.googleapis.com/google.rpc.RetryInfo":
      return RetryInfo(retryDelay: self.texts["retryDelay"] ?? "").map { .retryInfo($0) } ?? .other(typeURL: type)
    case "type.googleapis.com/google.rpc.ResourceInfo":
      return .resourceInfo(
        ResourceInfo(
          resourceType: self.texts["resourceType"] ?? "", resourceName: self.texts["resourceName"] ?? "", owner: self.texts["owner"],
          description: self.texts["description"]))
    case "type.googleapis.com/google.rpc.Help":
      return .help(Help(links: self.links.map { .init(description: $0["description"] ?? "", url: $0["url"] ?? "") }))
    default:
      return .other(typeURL: type)
    }
  }
}

extension JSONReader {
  mutating func isAtString() throws(JSONError) -> Bool { try self.peek() == UInt8(ascii: "\"") }

  /// An array of strings.
  mutating func readStrings() throws(JSONError) -> [String] {
    var strings: [String] = []
    guard try self.enterArray() == .nonEmpty else { return strings }
    repeat { strings.append(try self.readString()) } while try self.nextElement()
    return strings
  }

  /// An object's members that are strings; others are left out.
  fileprivate mutating func readTexts() throws(JSONError) -> [String: String] {
    var texts: [String: String] = [:]
    guard try self.enterObject() == .nonEmpty else { return texts }
    var names = JSONNameSet()
    repeat {
      let key = try self.readKey()
      try names.insert(key)
      let name = key.string
      if try self.isAtString() { texts[name] = try self.readString() } else { try self.skipValue() }
    } while try self.nextMember()
    return texts
  }
}
