// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes what a service needs on both sides: its methods, the client's stub, the protocol of its provider and their registration.
struct ServiceEmitter {
  var contract: Contract
  var service: Contract.Service

  private var name: String { self.service.swiftName }

  func emit() -> String {
    var source = SourceText()
    self.emitMethods(&source)
    source.line()
    self.emitClient(&source)
    source.line()
    self.emitProvider(&source)
    source.line()
    self.emitRegistration(&source)
    return source.text
  }

  // MARK: - Methods

  private func emitMethods(_ source: inout SourceText) {
    source.doc(self.service.doc)
    source.block("public enum \(self.name)") { source in
      source.doc("The name of the service on the wire.")
      source.line("public static let name = \"\(self.service.name)\"")
      for method in self.service.methods {
        source.line()
        source.doc(method.doc)
        source.line("public static let \(method.swiftName) = RPCMethod<\(method.request), \(method.response)>(")
        source.line("  MethodDescriptor(")
        source.line("    name: \"\(self.service.name)/\(method.name)\", kind: .\(SwiftName.enumCase(method.kind.rawValue)),")
        let idempotency = method.idempotency == "none" ? "none" : SwiftName.enumCase(method.idempotency)
        source.line("    idempotency: .\(idempotency), role: \(method.role.map { "\"\($0)\"" } ?? "nil")))")
      }
    }
  }

  // MARK: - The client's side

  private func emitClient(_ source: inout SourceText) {
    source.doc("Calls \(self.service.name) through a connection.")
    source.block("public struct \(self.name)Client<Caller: RPCCaller>: Sendable") { source in
      source.line("private let caller: Caller")
      source.line()
      source.block("public init(_ caller: Caller)") { $0.line("self.caller = caller") }
      for method in self.service.methods {
        source.line()
        source.doc(method.doc)
        self.emitStub(&source, method)
      }
    }
    source.line()
    source.block("extension RPCCaller") { source in
      source.doc(self.service.doc)
      let property = SwiftName.lowerCamel(self.name.hasSuffix("Service") ? String(self.name.dropLast(7)) : self.name)
      source.line("public var \(SwiftName.member(property)): \(self.name)Client<Self> { \(self.name)Client(self) }")
    }
  }

  private func emitStub(_ source: inout SourceText, _ method: Contract.Method) {
    let token = "\(self.name).\(method.swiftName)"
    switch method.kind {
    case .unary:
      let fallback = self.contract.type(method.request)?.fields.allSatisfy(\.isOptional) ?? false ? " = \(method.request)()" : ""
      source.line("public func \(method.swiftName)(")
      source.line("  _ request: \(method.request)\(fallback), options: CallOptions = .defaults")
      source.block(") async throws(Status) -> \(method.response)") {
        $0.line("try await self.caller.unary(\(token), request, options: options)")
      }
    case .serverStreaming:
      source.line("public func \(method.swiftName)<Result>(")
      source.line("  _ request: \(method.request), options: CallOptions = .defaults,")
      source.line("  _ body: (ResponseMessages<\(method.response)>) async throws -> Result")
      source.block(") async throws -> Result") {
        $0.line("try await self.caller.serverStreaming(\(token), request, options: options, body)")
      }
    case .clientStreaming:
      source.line("public func \(method.swiftName)<Requests: AsyncSequence & Sendable>(")
      source.line("  _ requests: Requests, options: CallOptions = .defaults")
      source.block(") async throws -> \(method.response) where Requests.Element == \(method.request)") {
        $0.line("try await self.caller.clientStreaming(\(token), requests, options: options)")
      }
    case .bidirectional:
      source.line("public func \(method.swiftName)<Requests: AsyncSequence & Sendable, Result>(")
      source.line("  _ requests: Requests, options: CallOptions = .defaults,")
      source.line("  _ body: (ResponseMessages<\(method.response)>) async throws -> Result")
      source.block(") async throws -> Result where Requests.Element == \(method.request)") {
        $0.line("try await self.caller.bidirectional(\(token), requests, options: options, body)")
      }
    }
  }

  // MARK: - The server's side

  private func emitProvider(_ source: inout SourceText) {
    source.doc("What answers the calls of \(self.service.name).")
    source.block("package protocol \(self.name)Provider: Sendable") { source in
      for method in self.service.methods {
        source.doc(method.doc)
        source.line(self.requirement(method))
      }
    }
  }

  private func requirement(_ method: Contract.Method) -> String {
    let name = method.swiftName
    let effects = method.onLoop ? "throws(Status)" : "async throws(Status)"
    switch method.kind {
    case .unary:
      return "func \(name)(_ request: \(method.request), context: CallContext) \(effects) -> \(method.response)"
    case .bidirectional where method.onLoop:
      return "func \(name)(_ request: \(method.request), context: CallContext) \(effects) -> \(method.response)"
    case .serverStreaming:
      return "func \(name)(_ request: \(method.request), context: CallContext, responses: ResponseSender<\(method.response)>) \(effects)"
    case .clientStreaming:
      return "func \(name)(_ requests: RequestMessages<\(method.request)>, context: CallContext) \(effects) -> \(method.response)"
    case .bidirectional:
      return "func \(name)(_ requests: RequestMessages<\(method.request)>, context: CallContext, "
        + "responses: ResponseSender<\(method.response)>) \(effects)"
    }
  }

  private func emitRegistration(_ source: inout SourceText) {
    source.block("extension \(self.name)Provider") { source in
      source.doc("The service as a server takes it.")
      source.block("package var registration: ServiceRegistration") { source in
        source.line("ServiceRegistration(methods: [")
        for method in self.service.methods { self.emitHandler(&source, method) }
        source.line("])")
      }
    }
  }

  private func emitHandler(_ source: inout SourceText, _ method: Contract.Method) {
    let descriptor = "\(self.name).\(method.swiftName).descriptor"
    let call = "self.\(method.swiftName)"
    func handler(_ opening: String, _ lines: [String]) {
      source.line("  (\(descriptor), \(opening)")
      for line in lines { source.line("    \(line)") }
      source.line("  }),")
    }
    switch (method.kind, method.onLoop) {
    case (.unary, true):
      handler(
        ".inline { (context, body, output) throws(Status) in",
        ["try \(call)(\(method.request).decode(body), context: context).encode(into: &output)"])
    case (.unary, false):
      handler(
        ".task { (context, body) async throws(Status) in",
        ["try await JSONCoding.encode(\(call)(\(method.request).decode(body), context: context))"])
    case (.bidirectional, true):
      let answer = "try \(call)(\(method.request).decode(body), context: context).encode(into: &output)"
      var lines = ["{ (body, output) throws(Status) in"]
      if let member = method.itemError {
        lines += [
          "  do throws(Status) {", "    \(answer)", "  } catch {",
          "    \(method.response)(\(member): error).encode(into: &output)", "  }",
        ]
      } else {
        lines.append("  \(answer)")
      }
      handler(".inlineStream { (context) throws(Status) in", lines + ["}"])
    case (.serverStreaming, _):
      handler(
        ".stream { (context, requests, responses) async throws(Status) in",
        [
          "let request = try await RequestMessages<\(method.request)>(requests).only()",
          "try await \(call)(request, context: context, responses: ResponseSender(responses))", "return nil",
        ])
    case (.clientStreaming, _):
      handler(
        ".stream { (context, requests, responses) async throws(Status) in",
        ["try await JSONCoding.encode(\(call)(RequestMessages(requests), context: context))"])
    case (.bidirectional, false):
      handler(
        ".stream { (context, requests, responses) async throws(Status) in",
        ["try await \(call)(RequestMessages(requests), context: context, responses: ResponseSender(responses))", "return nil"])
    }
  }
}
