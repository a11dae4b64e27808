// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// The contract as the generator sees it: what the files under `protocol/` say, checked.
struct Contract {
  var types: [SchemaType] = []
  var services: [Service] = []
  var reasons: [Reason] = []
  var roles: [Role] = []

  /// A role that a caller can hold.
  struct Role {
    var name: String
    var doc: String
    /// Roles that whoever holds it holds too.
    var implies: [String]
  }

  struct Reason {
    var name: String
    var code: String
    var meaning: String
    var next: String
  }

  struct Service {
    /// Full name, such as `amnesty.v1.EligibilityService`.
    var name: String
    var doc: String
    var methods: [Method]

    /// Name without its package.
    var swiftName: String {
      let name = String(self.name.split(separator: ".").last ?? "")
      return name.hasSuffix("Service") ? name : name + "Service"
    }
  }

  struct Method {
    var name: String
    var kind: Kind
    var request: String
    var response: String
    var idempotency: String
    var role: String?
    var onLoop: Bool
    /// The response member that carries the error of one item of a stream.
    var itemError: String?
    var doc: String
    var errorReasons: [String]

    var swiftName: String { SwiftName.member(SwiftName.lowerCamel(self.name)) }
  }

  enum Kind: String {
    case unary
    case clientStreaming = "client_streaming"
    case serverStreaming = "server_streaming"
    case bidirectional
  }

  func type(_ name: String) -> SchemaType? { self.types.first { $0.name == name } }

  /// Types that a request can contain: read strictly, and written canonically for digests.
  var requestTypes: Set<String> { self.reachable(from: self.services.flatMap(\.methods).map(\.request)) }

  /// Types that are also read as scans: what the one hot request can contain.
  var scannedTypes: Set<String> { self.reachable(from: ["AssessRequest"]) }

  /// The type itself and all it refers to, in the order of the contract.
  func closure(of name: String) -> [SchemaType] {
    let names = self.reachable(from: [name])
    return self.types.filter { names.contains($0.name) }
  }

  private func reachable(from roots: [String]) -> Set<String> {
    var reached: Set<String> = []
    var pending = roots
    while let name = pending.popLast() {
      guard reached.insert(name).inserted else { continue }
      pending += self.type(name)?.references ?? []
    }
    return reached
  }
}

/// One schema file.
struct SchemaType {
  var name: String
  var title: String
  var doc: String
  var body: Body
  var json: OrderedJSON

  enum Body {
    case message([Field])
    case words([Word])
    /// A string of a certain shape.
    case scalar(pattern: String, shape: String)
    /// A type written by hand.
    case external(swiftName: String)
  }

  struct Word {
    var word: String
    var doc: String

    var swiftName: String { SwiftName.enumCase(self.word) }
  }

  struct Field {
    var name: String
    var type: FieldType
    var isRequired: Bool
    var isNullable: Bool
    var doc: String
    var question: OrderedJSON?
    /// The roles that are shown it; nil: whoever may call.
    var visibleTo: [String]?

    /// True where the Swift member is an optional.
    var isOptional: Bool { !self.isRequired || self.isNullable }
  }

  indirect enum FieldType {
    case bool
    case integer(minimum: Int64?, maximum: Int64?)
    case string(minimumLength: Int64?, maximumLength: Int64?)
    case named(String)
    case list(FieldType, minimum: Int64?, maximum: Int64?)
    /// An object with free names.
    case map(FieldType)

    var reference: String? {
      switch self {
      case .named(let name): name
      case .list(let element, _, _), .map(let element): element.reference
      default: nil
      }
    }
  }

  var references: [String] {
    guard case .message(let fields) = self.body else { return [] }
    return fields.compactMap { $0.type.reference }
  }

  var fields: [Field] { if case .message(let fields) = self.body { fields } else { [] } }
}

/// What is wrong with a file of the contract.
struct ContractError: Error, CustomStringConvertible {
  var file: String
  var message: String

  var description: String { "\(self.file): \(self.message)" }
}
