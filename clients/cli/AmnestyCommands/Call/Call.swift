// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc
internal import NIOCore

/// `amnestyctl call`: any method, with its messages as they are.
package struct Call: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Call any method with raw JSON; describe tells which there are.",
    discussion: """
      A method with one request takes it as the argument, from standard input where the argument is -, or sends {}. A method with many takes \
      them from standard input, one a line. Streamed answers are written one a line.
      """
  )

  @Argument(help: ArgumentHelp("Such as amnesty.v1.EligibilityService/Assess.", valueName: "method"))
  package var method: String

  @Argument(help: ArgumentHelp("The request.", valueName: "json"))
  package var message: String?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let described = try await client.reflection.describe(DescribeRequest(method: self.method), options: options).method
    guard let kind = described.kind.callKind else {
      throw InputError(exitCode: EX_PROTOCOL) { Text.callKindUnknown($0, method: self.method, kind: described.kind.word) }
    }
    let descriptor = MethodDescriptor(name: described.name, kind: kind, idempotency: described.idempotency.meaning)
    let method = RPCMethod<RawMessage, RawMessage>(descriptor)
    var output = StandardOutput()
    switch kind {
    case .unary:
      try output.line(try await client.unary(method, try await self.request(), options: options).line)
    case .serverStreaming:
      try await client.serverStreaming(method, try await self.request(), options: options) { responses in
        for try await response in responses {
          try output.line(response.line)
          // Somebody may be waiting for it.
          try output.flush()
        }
      }
    case .clientStreaming:
      try output.line(try await client.clientStreaming(method, try self.requests(), options: options).line)
    case .bidirectional:
      try await client.bidirectional(method, try self.requests(), options: options) { responses in
        for try await response in responses {
          try output.line(response.line)
          try output.flush()
        }
      }
    }
    try output.flush()
  }

  private func request() async throws -> RawMessage {
    guard let message = self.message else { return RawMessage(ByteBuffer(staticString: "{}")) }
    return RawMessage(message == "-" ? try await InputFile(path: "-").readAll() : ByteBuffer(string: message))
  }

  private func requests() throws -> MessageLines {
    MessageLines(message: self.message == "-" ? nil : self.message, lines: RecordLines(try InputFile(path: "-")))
  }
}

/// The requests of a stream: the one given, or those of standard input.
private struct MessageLines: AsyncSequence, Sendable {
  let message: String?
  let lines: RecordLines

  struct Iterator: AsyncIteratorProtocol {
    var message: String?
    var lines: RecordLines.Iterator?

    mutating func next() async throws -> RawMessage? {
      if let message = self.message.take() { return RawMessage(ByteBuffer(string: message)) }
      return try await self.lines?.next().map { RawMessage($0.bytes) }
    }
  }

  func makeAsyncIterator() -> Iterator {
    Iterator(message: self.message, lines: self.message == nil ? self.lines.makeAsyncIterator() : nil)
  }
}

extension RawMessage {
  fileprivate var line: String { String(buffer: self.bytes) }
}

extension MethodKind {
  fileprivate var callKind: CallKind? {
    switch self {
    case .unary: .unary
    case .clientStreaming: .clientStreaming
    case .serverStreaming: .serverStreaming
    case .bidirectional: .bidirectional
    default: nil
    }
  }
}

extension IdempotencyLevel {
  fileprivate var meaning: Idempotency {
    switch self {
    case .noSideEffects: .noSideEffects
    case .idempotent: .idempotent
    default: .none
    }
  }
}
