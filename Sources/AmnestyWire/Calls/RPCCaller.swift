// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Names a method with the types of its messages; the generated stubs hold one a method.
public struct RPCMethod<Request: WireMessage, Response: WireMessage>: Sendable {
  /// The method's full name, kind and whether repeating it is safe.
  public let descriptor: MethodDescriptor

  /// Binds a method of the registry to its message types.
  public init(_ descriptor: MethodDescriptor) {
    self.descriptor = descriptor
  }
}

/// What a generated stub needs of a client: one requirement a call kind.
///
/// The streaming kinds are scopes: the stream lives as long as `body`, and leaving `body` before the stream has ended cancels the call.
public protocol RPCCaller: Sendable {
  /// One request, one response.
  func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    options: CallOptions
  ) async throws(Status) -> Response

  /// Many requests, one response; a request is taken from `requests` when the daemon has given credit for it.
  func clientStreaming<Request: WireMessage, Response: WireMessage, Requests: AsyncSequence & Sendable>(
    _ method: RPCMethod<Request, Response>,
    _ requests: Requests,
    options: CallOptions
  ) async throws -> Response where Requests.Element == Request

  /// One request, many responses; credit for more is given as `body` consumes them.
  func serverStreaming<Request: WireMessage, Response: WireMessage, Result>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    options: CallOptions,
    _ body: (ResponseMessages<Response>) async throws -> Result
  ) async throws -> Result

  /// Many requests, many responses, both with back-pressure.
  func bidirectional<Request: WireMessage, Response: WireMessage, Requests: AsyncSequence & Sendable, Result>(
    _ method: RPCMethod<Request, Response>,
    _ requests: Requests,
    options: CallOptions,
    _ body: (ResponseMessages<Response>) async throws -> Result
  ) async throws -> Result where Requests.Element == Request
}
