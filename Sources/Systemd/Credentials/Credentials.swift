// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// Secrets that the service manager has laid out for this process alone (LoadCredential=). They do not change while it runs.
package struct Credentials: Sendable, Hashable {
  /// The folder they are in.
  package var directory: String

  package init(directory: String) { self.directory = directory }

  /// Nil where there are none.
  package init?(environment: [String: String]) {
    guard let directory = environment["CREDENTIALS_DIRECTORY"], directory.hasPrefix("/") else { return nil }
    self.directory = directory
  }

  /// The largest credential there can be.
  private static let limit = 1 << 20

  /// The bytes of one; nil where there is none of that name.
  package func read(_ name: String) throws(SystemdError) -> [UInt8]? {
    guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
      throw SystemdError("read the credential \(name)", code: EINVAL)
    }
    let file = open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw SystemdError("read the credential \(name)", code: errno)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      guard count >= 0 else { throw SystemdError("read the credential \(name)", code: errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= Self.limit else { throw SystemdError("read the credential \(name)", code: EFBIG) }
    }
  }
}
