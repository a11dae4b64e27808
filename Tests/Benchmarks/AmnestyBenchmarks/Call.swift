// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import ArgumentParser
internal import Foundation
internal import NIOCore

/// The same Assess over and over by the Swift client; prints `{"p50":ns,"p99":ns,"perSecond":n}`.
struct Call: AsyncParsableCommand {
  @Argument(help: "The daemon's socket.") var socket: String
  @Argument(help: "A file with the request, one JSON object.") var request: String
  @Argument var calls: Int
  @Argument(help: "How many calls are in flight on the one connection.") var depth: Int

  func validate() throws {
    guard calls >= depth, depth > 0 else { throw ValidationError("at least one call in flight, and no fewer calls than that") }
  }

  mutating func run() async throws {
    let request = try AssessRequest.decode(ByteBuffer(bytes: Data(contentsOf: URL(filePath: request))))
    let (calls, depth) = (calls, depth)
    try await AmnestyClient.withConnection(to: .unix(path: socket)) { client in
      _ = try await Call.round(client, request, calls: max(calls / 10, depth), depth: depth)
      let clock = ContinuousClock()
      let began = clock.now
      let times = try await Call.round(client, request, calls: calls, depth: depth).sorted()
      let perSecond = Double(times.count) / ((clock.now - began) / .seconds(1))
      let (p50, p99) = (times[times.count / 2], times[times.count - times.count / 100 - 1])
      print("{\"p50\":\(Int(p50 / .nanoseconds(1))),\"p99\":\(Int(p99 / .nanoseconds(1))),\"perSecond\":\(Int(perSecond))}")
    }
  }

  /// `depth` callers, each with one call after another; how long each call took.
  private static func round(
    _ client: AmnestyClient, _ request: AssessRequest, calls: Int, depth: Int
  ) async throws -> [Duration] {
    try await withThrowingTaskGroup(of: [Duration].self) { group in
      for caller in 0..<depth {
        let share = calls / depth + (caller < calls % depth ? 1 : 0)
        group.addTask {
          let clock = ContinuousClock()
          var times: [Duration] = []
          times.reserveCapacity(share)
          for _ in 0..<share {
            let began = clock.now
            keep(try await client.eligibility.assess(request))
            times.append(clock.now - began)
          }
          return times
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}
