// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// Answers one item of a stream: the item's body in, the answer's body appended to the buffer.
package typealias InlineItemHandler = @Sendable (ByteBuffer, inout ByteBuffer) throws(Status) -> Void

/// The code behind a method, by where it runs.
///
/// The inline kinds run on the event loop: they may not block, need no storage and see bodies of up to 64 KiB there (bigger ones are
/// given to the same closure in a task). The buffer they append to holds other frames before: they only append.
package enum MethodHandler: Sendable {
  /// Unary, answered at once.
  case inline(@Sendable (CallContext, ByteBuffer, inout ByteBuffer) throws(Status) -> Void)
  /// Bidirectional, one item out for each item in, in the same order.
  case inlineStream(@Sendable (CallContext) throws(Status) -> InlineItemHandler)
  /// Unary, in a task of its own, which is cancelled with the call.
  case task(@Sendable (CallContext, ByteBuffer) async throws(Status) -> ByteBuffer)
  /// Unary, on threads of the service's own: the closure returns at once, and the answer is called with from any thread, once. For short waits only:
  /// a cancelled call ends without it. Saves the hops of a task where they cost more than the work.
  case submitted(@Sendable (CallContext, ByteBuffer, @escaping @Sendable (Result<ByteBuffer, Status>) -> Void) -> Void)
  /// Any streaming kind, in a task of its own. What it returns goes into `end` where the kind is client-streaming.
  case stream(@Sendable (CallContext, RequestStream, ResponseStream) async throws(Status) -> ByteBuffer?)
}

/// What a server is given of one service; built by generated code from a typed provider.
package struct ServiceRegistration: Sendable {
  package var methods: [(MethodDescriptor, MethodHandler)]

  package init(methods: [(MethodDescriptor, MethodHandler)]) {
    self.methods = methods
  }

  /// The same service with one method answered by other code.
  package func with(_ handler: MethodHandler, for method: MethodDescriptor) -> ServiceRegistration {
    ServiceRegistration(methods: self.methods.map { $0.0 == method ? (method, handler) : $0 })
  }
}
