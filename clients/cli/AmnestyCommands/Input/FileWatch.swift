// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// What tells that a file has changed, however an editor writes it: into the file, or a new one in its place.
package struct FileStamp: Sendable, Equatable {
  private let inode: ino_t
  private let size: off_t
  private let seconds: Int
  private let nanoseconds: Int

  /// Nil where there is no such file.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.inode = status.st_ino
    self.size = status.st_size
    self.seconds = status.st_mtim.tv_sec
    self.nanoseconds = status.st_mtim.tv_nsec
  }
}

/// Looks at files once a second: a person edits them, and nobody notices the second.
package struct FileWatch {
  private let pause: () async throws -> Void

  /// - Parameter pause: Waits from one look to the next.
  package init(pause: @escaping () async throws -> Void = { try await Task.sleep(for: .seconds(1)) }) {
    self.pause = pause
  }

  /// Waits until one of the files is not what it was, and names it.
  package func change(since stamps: [String: FileStamp?]) async throws -> String {
    while true {
      let changed = stamps.keys.sorted().first { path in FileStamp(of: path) != stamps[path] ?? nil }
      if let changed { return changed }
      try await self.pause()
    }
  }
}
