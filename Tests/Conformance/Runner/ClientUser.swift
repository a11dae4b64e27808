// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import ConformanceSupport
internal import Dispatch
internal import Synchronization

/// The user of the client under test: each call runs in a task that can be given up by itself, as a user gives up one.
final class ClientUser: ClientVectorRunner.User {
  private final class PendingCall: Sendable {
    private let result = Mutex<ConformanceCall.Result?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    func end(_ result: ConformanceCall.Result) {
      self.result.withLock { $0 = result }
      self.ended.signal()
    }

    func wait() throws -> ConformanceCall.Result {
      guard self.ended.wait(timeout: .now() + .seconds(10)) == .success, let result = self.result.withLock({ $0 }) else {
        throw VectorError("the call did not end")
      }
      return result
    }
  }

  private let client: AmnestyClient
  private let calls = Mutex<[String: (call: PendingCall, task: Task<Void, Never>)]>([:])

  init(client: AmnestyClient) {
    self.client = client
  }

  func start(_ call: JSONValue) throws {
    guard let name = call["call"]?.text, let script = ConformanceCall(call) else { throw VectorError("start lacks call, method or kind") }
    let pending = PendingCall()
    let client = self.client
    let task = Task { pending.end(await script.run(with: client)) }
    self.calls.withLock { $0[name] = (pending, task) }
  }

  func cancel(_ name: String) {
    self.calls.withLock { $0[name]?.task }?.cancel()
  }

  func cancelAll() {
    for (_, task) in self.calls.withLock({ Array($0.values) }) { task.cancel() }
  }

  func outcome(of name: String) throws -> ConformanceCall.Result {
    guard let call = self.calls.withLock({ $0[name]?.call }) else { throw VectorError("no call \(name)") }
    return try call.wait()
  }
}
