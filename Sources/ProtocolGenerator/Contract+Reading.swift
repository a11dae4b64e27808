// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

// Reading the contract from its files.

extension Contract {
  static let urnPrefix = "urn:amnesty:v1:"

  /// Reads `schema/*.json`, `services/*.json` and `errors.json` of `directory`.
  init(directory: URL) throws {
    for file in try Self.files(in: directory.appending(path: "schema")) {
      self.types.append(try SchemaType(file: file.lastPathComponent, json: OrderedJSON(contentsOf: file)))
    }
    for file in try Self.files(in: directory.appending(path: "services")) {
      self.services.append(try Service(file: file.lastPathComponent, json: OrderedJSON(contentsOf: file)))
    }
    self.services.sort { $0.name < $1.name }
    let errors = directory.appending(path: "errors.json")
    for reason in try OrderedJSON(contentsOf: errors)["reasons"]?.array ?? [] {
      self.reasons.append(
        Reason(
          name: try reason.text("reason", in: "errors.json"), code: try reason.text("code", in: "errors.json"),
          meaning: try reason.text("meaning", in: "errors.json"), next: try reason.text("next", in: "errors.json")))
    }
    for role in try OrderedJSON(contentsOf: directory.appending(path: "roles.json"))["roles"]?.array ?? [] {
      self.roles.append(
        Role(
          name: try role.text("role", in: "roles.json"), doc: try role.text("doc", in: "roles.json"),
          implies: role["implies"]?.array?.compactMap(\.string) ?? []))
    }
    try self.check()
  }

  private static func files(in directory: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// Every name that is used must exist.
  private func check() throws {
    let roles = Set(self.roles.map(\.name))
    for role in self.roles where !roles.isSuperset(of: role.implies) {
      throw ContractError(file: "roles.json", message: "\(role.name) implies a role that there is not")
    }
    for type in self.types {
      for field in type.fields {
        guard let visibleTo = field.visibleTo else { continue }
        guard roles.isSuperset(of: visibleTo) else {
          throw ContractError(file: type.name + ".json", message: "\(field.name) is visible to a role that roles.json does not have")
        }
        guard field.isOptional else {
          throw ContractError(file: type.name + ".json", message: "\(field.name) is masked, so it must be optional")
        }
      }
      for name in type.references where self.type(name) == nil {
        throw ContractError(file: type.name + ".json", message: "refers to \(name), which has no schema")
      }
      if case .scalar(let pattern, _) = type.body, Shape.matcher(of: pattern) == nil {
        throw ContractError(file: type.name + ".json", message: "has a pattern without a matcher; add one to Shape.swift: \(pattern)")
      }
    }
    for service in self.services {
      for method in service.methods {
        for name in [method.request, method.response] where self.type(name) == nil {
          throw ContractError(file: service.name, message: "\(method.name) uses \(name), which has no schema")
        }
        if let role = method.role, !roles.contains(role) {
          throw ContractError(file: service.name, message: "\(method.name) needs \(role), which roles.json does not have")
        }
        for reason in method.errorReasons where !self.reasons.contains(where: { $0.name == reason }) {
          throw ContractError(file: service.name, message: "\(method.name) names \(reason), which errors.json does not explain")
        }
      }
    }
  }
}

extension Contract.Service {
  init(file: String, json: OrderedJSON) throws {
    self.name = try json.text("service", in: file)
    self.doc = try json.text("doc", in: file)
    self.methods = try (json["methods"]?.array ?? []).map { try Contract.Method(file: file, json: $0) }
  }
}

extension Contract.Method {
  init(file: String, json: OrderedJSON) throws {
    func type(_ member: String) throws -> String {
      let urn = try json.text(member, in: file)
      guard urn.hasPrefix(Contract.urnPrefix) else { throw ContractError(file: file, message: "\(urn) is no type of the contract") }
      return String(urn.dropFirst(Contract.urnPrefix.count))
    }
    guard let kind = Contract.Kind(rawValue: try json.text("kind", in: file)) else {
      throw ContractError(file: file, message: "a method has an unknown kind")
    }
    self.name = try json.text("name", in: file)
    self.kind = kind
    self.request = try type("request")
    self.response = try type("response")
    self.idempotency = try json.text("idempotency", in: file)
    self.role = json["role"]?.string
    self.onLoop = try json.text("execution", in: file) == "loop"
    self.itemError = json["itemError"]?.string
    self.doc = try json.text("doc", in: file)
    self.errorReasons = json["errorReasons"]?.array?.compactMap(\.string) ?? []
  }
}

extension SchemaType {
  init(file: String, json: OrderedJSON) throws {
    let urn = try json.text("$id", in: file)
    self.name = String(urn.dropFirst(Contract.urnPrefix.count))
    guard file == self.name + ".json" else { throw ContractError(file: file, message: "its $id is \(urn)") }
    self.title = try json.text("title", in: file)
    self.doc = try json.text("description", in: file)
    self.json = json
    if let external = json["x-swift"]?.string {
      self.body = .external(swiftName: external)
    } else if let words = json["oneOf"]?.array {
      self.body = .words(
        try words.map { Word(word: try $0.text("const", in: file), doc: try $0.text("description", in: file)) })
    } else if let pattern = json["pattern"]?.string {
      self.body = .scalar(pattern: pattern, shape: try json.text("x-shape", in: file))
    } else if let properties = json["properties"]?.members {
      let required = Set(json["required"]?.array?.compactMap(\.string) ?? [])
      self.body = .message(
        try properties.map { try Field(file: file, name: $0.name, isRequired: required.contains($0.name), json: $0.value) })
    } else {
      throw ContractError(file: file, message: "is neither an object, nor words, nor a shaped string")
    }
  }
}

extension SchemaType.Field {
  init(file: String, name: String, isRequired: Bool, json: OrderedJSON) throws {
    self.name = name
    self.isRequired = isRequired
    self.doc = try json.text("description", in: file)
    self.question = json["x-question"]
    self.visibleTo = json["x-visible-to"]?.array?.compactMap(\.string)
    let alternatives = json["anyOf"]?.array
    let names = json["type"]?.array?.compactMap(\.string) ?? []
    self.isNullable = names.contains("null") || (alternatives ?? []).contains { $0["type"]?.string == "null" }
    self.type = try SchemaType.FieldType(file: file, json: alternatives?.first ?? json)
  }
}

extension SchemaType.FieldType {
  init(file: String, json: OrderedJSON) throws {
    if let urn = json["$ref"]?.string {
      self = .named(String(urn.dropFirst(Contract.urnPrefix.count)))
      return
    }
    let names = json["type"]?.array?.compactMap(\.string) ?? [json["type"]?.string].compactMap { $0 }
    switch names.first {
    case "boolean": self = .bool
    case "integer": self = .integer(minimum: json["minimum"]?.integer, maximum: json["maximum"]?.integer)
    case "string": self = .string(minimumLength: json["minLength"]?.integer, maximumLength: json["maxLength"]?.integer)
    case "array":
      guard let items = json["items"] else { throw ContractError(file: file, message: "an array has no items") }
      self = .list(try Self(file: file, json: items), minimum: json["minItems"]?.integer, maximum: json["maxItems"]?.integer)
    case "object":
      guard let values = json["additionalProperties"] else { throw ContractError(file: file, message: "an inner object is no map") }
      self = .map(try Self(file: file, json: values))
    default: throw ContractError(file: file, message: "a member has no type that the generator knows")
    }
  }
}

extension OrderedJSON {
  func text(_ member: String, in file: String) throws -> String {
    guard let text = self[member]?.string else { throw ContractError(file: file, message: "lacks \(member)") }
    return text
  }
}
