// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// All methods of a server, by the index under which a head's decoder finds their names.
package struct ServiceTable: Sendable {
  struct Method: Sendable {
    let descriptor: MethodDescriptor
    let handler: MethodHandler
  }

  let methods: [Method]
  let names: MethodTable
  /// What the connection's state machine needs to know of each.
  let shapes: [MethodShape]

  package init(_ services: [ServiceRegistration]) throws(ServerError) {
    self.methods = services.flatMap { $0.methods.map { Method(descriptor: $0.0, handler: $0.1) } }
    var seen: Set<String> = []
    for method in self.methods {
      let name = method.descriptor.name
      guard seen.insert(name).inserted else { throw ServerError(.duplicateMethod, "The method \(name) is registered twice.") }
      guard Self.fits(method) else {
        throw ServerError(.unfitHandler, "The handler of \(name) does not fit a \(method.descriptor.kind) method.")
      }
    }
    self.names = MethodTable(self.methods.map { $0.descriptor.name })
    self.shapes = self.methods.map { MethodShape(name: $0.descriptor.name, kind: $0.descriptor.kind, execution: .init($0.handler)) }
  }

  private static func fits(_ method: Method) -> Bool {
    switch (method.handler, method.descriptor.kind) {
    case (.inline, .unary), (.task, .unary), (.submitted, .unary), (.inlineStream, .bidirectional): true
    case (.stream, let kind): kind != .unary
    default: false
    }
  }
}

/// The kind of a method and where its work runs.
package struct MethodShape: Sendable, Hashable {
  package enum Execution: Sendable, Hashable, CaseIterable {
    case inline, inlineStream, task, stream

    init(_ handler: MethodHandler) {
      switch handler {
      case .inline: self = .inline
      case .inlineStream: self = .inlineStream
      case .task, .submitted: self = .task
      case .stream: self = .stream
      }
    }
  }

  package let name: String
  package let kind: CallKind
  package let execution: Execution

  package init(name: String, kind: CallKind, execution: Execution) {
    self.name = name
    self.kind = kind
    self.execution = execution
  }
}
