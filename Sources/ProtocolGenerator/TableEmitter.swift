// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes the tables that belong to the contract as a whole.
struct TableEmitter {
  var contract: Contract

  // MARK: - Questions

  /// The question for each member that can be asked for, by the template of its pointer.
  func questions() -> String {
    var source = SourceText()
    source.doc("What to ask a person for a fact of the case record, from the `x-question` of its member.")
    source.block("package enum FactQuestions") { source in
      source.doc("By the template of the fact's JSON Pointer, `*` standing for an index: `/offences/*/gravity`.")
      source.line("package static let byTemplate: [String: LocalizedText] = [")
      for (template, question) in self.templates(of: "CaseRecord", at: "") {
        source.line("  \(OrderedJSON.quote(template)): LocalizedText(")
        let texts = ["en", "ru", "kk"].map { "\($0): \(OrderedJSON.quote(question[$0]?.string ?? ""))" }
        source.line("    \(texts.joined(separator: ", "))),")
      }
      source.line("]")
    }
    return source.text
  }

  private func templates(of name: String, at path: String) -> [(String, OrderedJSON)] {
    (self.contract.type(name)?.fields ?? []).flatMap { field -> [(String, OrderedJSON)] in
      let own = path + "/" + field.name
      var found = field.question.map { [(own, $0)] } ?? []
      switch field.type {
      case .named(let inner): found += self.templates(of: inner, at: own)
      case .list(.named(let inner), _, _): found += self.templates(of: inner, at: own + "/*")
      default: break
      }
      return found
    }
  }

  // MARK: - Error reasons

  func reasons() -> String {
    var source = SourceText()
    source.doc("The reasons that ErrorInfo gives, in the domain `amnesty`.")
    source.block("public enum ErrorReason") { source in
      for reason in self.contract.reasons {
        source.doc("\(reason.meaning) \(reason.next) (\(reason.code))")
        source.line("public static let \(SwiftName.enumCase(reason.name)) = \"\(reason.name)\"")
      }
    }
    return source.text
  }

  // MARK: - Fuzzing

  /// Every message, for the target that tries them all.
  func messages() -> String {
    let requests = self.contract.requestTypes
    var source = SourceText(imports: ["internal import AmnestyWire"])
    source.block("extension MessageCheck") { source in
      source.doc("Every message of the contract, in its order.")
      source.line("static let all: [MessageCheck] = [")
      for type in self.contract.types {
        guard case .message = type.body else { continue }
        source.line("  MessageCheck(\(type.name).self, isRequest: \(requests.contains(type.name))),")
      }
      source.line("]")
    }
    return source.text
  }

  // MARK: - Reflection

  func reflection() -> String {
    var source = SourceText()
    source.doc("What reflection answers: the registry and the schemas, as they were when this was built.")
    source.block("package enum ContractDescription") { source in
      source.doc("Every service of the contract, by name.")
      source.line("package static let services: [ServiceSummary] = [")
      for service in self.contract.services {
        let methods = service.methods.map { OrderedJSON.quote("\(service.name)/\($0.name)") }.joined(separator: ", ")
        source.line("  ServiceSummary(name: \"\(service.name)\", doc: \(OrderedJSON.quote(service.doc)), methods: [\(methods)]),")
      }
      source.line("]")
      source.line()
      source.doc("Every role, with those that whoever holds it holds too, itself included.")
      source.line("package static let roles: [String: Set<String>] = [")
      for role in self.contract.roles {
        let implied = ([role.name] + role.implies).map { OrderedJSON.quote($0) }.joined(separator: ", ")
        source.line("  \(OrderedJSON.quote(role.name)): [\(implied)],")
      }
      source.line("]")
      source.line()
      source.doc("A method by its full name; nil where there is none.")
      source.block("package static func method(_ name: String) -> MethodDescription?") { source in
        source.block("switch name") { source in
          for service in self.contract.services {
            for method in service.methods { self.emitDescription(&source, service, method) }
          }
          source.line("default: nil")
        }
      }
      source.line()
      self.emitSchemas(&source)
    }
    return source.text
  }

  private func emitDescription(_ source: inout SourceText, _ service: Contract.Service, _ method: Contract.Method) {
    let name = "\(service.name)/\(method.name)"
    source.line("case \"\(name)\":")
    source.line("  MethodDescription(")
    source.line("    name: \"\(name)\", doc: \(OrderedJSON.quote(method.doc)),")
    source.line(
      "    kind: .\(SwiftName.enumCase(method.kind.rawValue)), idempotency: .\(SwiftName.enumCase(method.idempotency)), "
        + "role: \(method.role.map { "\"\($0)\"" } ?? "nil"),")
    source.line("    errorReasons: [\(method.errorReasons.map { "\"\($0)\"" }.joined(separator: ", "))],")
    func bundle(_ root: String) -> String {
      let others = self.contract.closure(of: root).map(\.name).filter { $0 != root }
      return "bundle(\"\(root)\", [\(others.map { "\"\($0)\"" }.joined(separator: ", "))])"
    }
    source.line("    requestSchema: \(bundle(method.request)),")
    source.line("    responseSchema: \(bundle(method.response)))")
  }

  private func emitSchemas(_ source: inout SourceText) {
    source.doc("A schema with the schemas it refers to as its `$defs`: each keeps its `$id`, so that its references hold.")
    source.block("private static func bundle(_ root: String, _ others: [String]) -> RawJSON") { source in
      source.line("let schema = self.schemas[root, default: \"{}\"]")
      source.line("guard !others.isEmpty else { return RawJSON(text: schema) }")
      source.line("let definitions = others.map { \"\\\"\\($0)\\\":\\(self.schemas[$0, default: \"{}\"])\" }.joined(separator: \",\")")
      source.line("return RawJSON(text: \"\\(schema.dropLast()),\\\"$defs\\\":{\\(definitions)}}\")")
    }
    source.line()
    source.line("private static let schemas: [String: String] = [")
    for type in self.contract.types { source.line("  \"\(type.name)\": ##\"\(type.json.text)\"##,") }
    source.line("]")
  }
}
