// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
internal import Synchronization

/// `grpc.health.v1.Health`: what the daemon says of itself, with gRPC's exact semantics.
package final class HealthBoard: HealthServiceProvider {
  private let state: Mutex<State>

  private struct State {
    /// By service; the empty name is the daemon as a whole.
    var statuses: [String: ServingStatus]
    /// Services that cannot answer whatever the daemon as a whole does.
    var failing: Set<String> = []
    var isDraining = false
    var watchers: [UInt64: Watcher] = [:]
    var lastWatcher: UInt64 = 0
    /// Called when the last watcher has left a draining board.
    var whenLeft: (@Sendable () -> Void)?
  }

  private struct Watcher {
    var service: String
    var changes: AsyncStream<ServingStatus>.Continuation
  }

  /// - Parameter services: names that may be asked about, beside the daemon as a whole. They are not serving before `set`.
  package init(services: [String]) {
    state = Mutex(State(statuses: Dictionary(([""] + services).map { ($0, .notServing) }, uniquingKeysWith: { first, _ in first })))
  }

  /// Says that the daemon is, or is not, answering, and with it every service that is not failing by itself. Nothing is said after `drain`.
  package func set(_ status: ServingStatus) {
    state.withLock { state in
      guard !state.isDraining else { return }
      HealthBoard.change(to: status, &state)
    }
  }

  /// Says that some services fail by themselves, or do so no longer: they then answer as the daemon does. Who watches another is told nothing.
  package func set(failing: Bool, of services: Set<String>) {
    state.withLock { state in
      if failing { state.failing.formUnion(services) } else { state.failing.subtract(services) }
      guard !state.isDraining else { return }
      let status = failing ? .notServing : state.statuses[""] ?? .notServing
      let changed = services.filter { state.statuses[$0].map { $0 != status } ?? false }
      for service in changed { state.statuses[service] = status }
      for watcher in state.watchers.values where changed.contains(watcher.service) { watcher.changes.yield(status) }
    }
  }

  /// Says NOT_SERVING for good and ends the watches.
  ///
  /// - Parameter told: called once every watcher was sent NOT_SERVING, on any thread; at once where nobody watches. A watch cannot hold it
  ///   up: the few items it sends never fill its queue.
  package func drain(told: @escaping @Sendable () -> Void = {}) {
    let isAlone = state.withLock { state in
      guard !state.isDraining else { return false }
      HealthBoard.change(to: .notServing, &state)
      state.isDraining = true
      for watcher in state.watchers.values { watcher.changes.finish() }
      if !state.watchers.isEmpty { state.whenLeft = told }
      return state.watchers.isEmpty
    }
    if isAlone { told() }
  }

  private static func change(to status: ServingStatus, _ state: inout State) {
    for service in state.statuses.keys { state.statuses[service] = state.failing.contains(service) ? .notServing : status }
    for watcher in state.watchers.values { if let status = state.statuses[watcher.service] { watcher.changes.yield(status) } }
  }

  package func check(_ request: HealthCheckRequest, context: CallContext) throws(Status) -> HealthCheckResponse {
    let service = request.service ?? ""
    guard let status = state.withLock({ $0.statuses[service] }) else {
      let name = Status.bounded(service)
      throw Status(
        .notFound, reason: ErrorReason.unknownService,
        "There is no service \(name). amnesty.reflection.v1.Reflection/ListServices lists those there are.", info: ["service": name],
        details: [.resourceInfo(ResourceInfo(resourceType: "service", resourceName: name))])
    }
    return HealthCheckResponse(status: status)
  }

  package func watch(
    _ request: HealthCheckRequest, context: CallContext, responses: ResponseSender<HealthCheckResponse>
  ) async throws(Status) {
    let (changes, id) = subscribe(to: request.service ?? "")
    defer { unsubscribe(id) }
    var last: ServingStatus?
    for await status in changes where status != last {
      try await responses.send(HealthCheckResponse(status: status))
      last = status
    }
    if state.withLock({ $0.isDraining }) { throw .streamDrained() }
  }

  /// What is now, and every change after it. A slow watcher sees the newest status, not every one between.
  private func subscribe(to service: String) -> (AsyncStream<ServingStatus>, UInt64) {
    let (changes, continuation) = AsyncStream.makeStream(of: ServingStatus.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.lastWatcher += 1
      continuation.yield(state.statuses[service] ?? .serviceUnknown)
      if state.isDraining {
        continuation.finish()
      } else {
        state.watchers[state.lastWatcher] = Watcher(service: service, changes: continuation)
      }
      return state.lastWatcher
    }
    return (changes, id)
  }

  private func unsubscribe(_ id: UInt64) {
    let whenLeft = state.withLock { state -> (@Sendable () -> Void)? in
      state.watchers[id] = nil
      return state.watchers.isEmpty ? state.whenLeft.take() : nil
    }
    whenLeft?()
  }
}
