// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// Runs blocking work on a thread of its own, so that it holds up no task.
func onThread<Success: Sendable>(_ work: @escaping @Sendable () throws -> Success) async throws -> Success {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
  }
}

/// A new folder with a short path, for sockets; removed after `body`.
func withTemporaryFolder<Success>(_ body: (String) async throws -> Success) async throws -> Success {
  let folder = "/tmp/conformance-\(UInt32.random(in: .min ... .max))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}
