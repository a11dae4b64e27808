// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import ConformanceSupport
internal import Foundation
internal import Synchronization

/// The client that protocol/conformance tests: does what its standard input says, and tells on its standard output how calls end.
@main
struct ConformanceClient {
  static func main() async throws {
    let instructions = Self.instructions()
    var next = await Self.first(of: instructions)
    while let beginning = next {
      guard let socket = beginning["socket"]?.text else { throw UnknownInstruction(beginning) }
      var configuration = AmnestyClient.Configuration()
      configuration.pause = { _ in }
      next = try await AmnestyClient.withConnection(to: .unix(path: socket), configuration: configuration) { client in
        try await Self.follow(instructions, with: client)
      }
    }
  }

  private static func first(of instructions: AsyncStream<JSONValue>) async -> JSONValue? {
    for await instruction in instructions { return instruction }
    return nil
  }

  /// Until the next vector begins; returns its beginning, or nil at the end of the input.
  private static func follow(_ instructions: AsyncStream<JSONValue>, with client: AmnestyClient) async throws -> JSONValue? {
    // A user gives up one call, and a task group cancels all.
    var calls: [Int64: Task<Void, Never>] = [:]
    defer { for call in calls.values { call.cancel() } }
    for await instruction in instructions {
      if let start = instruction["start"], let number = start["call"]?.integer, let call = ConformanceCall(start) {
        calls[number] = Task { Self.tell(await call.run(with: client), of: number) }
      } else if let number = instruction["cancel"]?.integer {
        calls[number]?.cancel()
      } else if instruction["socket"] != nil {
        return instruction
      } else {
        throw UnknownInstruction(instruction)
      }
    }
    return nil
  }

  private struct UnknownInstruction: Error, CustomStringConvertible {
    var description: String

    init(_ instruction: JSONValue) {
      self.description = "no such instruction: \(instruction.compact)"
    }
  }

  // MARK: - Lines

  /// One a line; read by a thread, for reading blocks.
  private static func instructions() -> AsyncStream<JSONValue> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        while let line = readLine(), let instruction = try? JSONValue(parsing: Array(line.utf8)) { continuation.yield(instruction) }
        continuation.finish()
      }
    }
  }

  /// Held while a line is written.
  private static let output = Mutex(())

  private static func tell(_ result: ConformanceCall.Result, of call: Int64) {
    var members = [JSONValue.Member("call", .number(String(call)))]
    if let response = result.response { members.append(.init("response", response)) }
    if !result.items.isEmpty { members.append(.init("items", .array(result.items))) }
    if let code = result.code { members.append(.init("code", .string(code))) }
    if let reason = result.reason { members.append(.init("reason", .string(reason))) }
    let line = JSONValue.object(members).compact + "\n"
    // A runner that is gone reads no more.
    self.output.withLock { _ in try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8)) }
  }
}
