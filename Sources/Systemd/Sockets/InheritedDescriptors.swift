// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import CSystemd
internal import Glibc

/// A file descriptor that the service manager has handed to this process, with the name it goes by.
///
/// The name is that of FileDescriptorName= of a socket unit (by default the unit's own), or the one under which the descriptor was stored.
package struct InheritedDescriptor: Sendable, Hashable {
  package var name: String
  package var descriptor: CInt

  package init(name: String, descriptor: CInt) {
    self.name = name
    self.descriptor = descriptor
  }

  /// The name where nobody gave one.
  package static let unnamed = "unknown"

  /// Whether it is a Unix stream socket that listens.
  package var isListeningUnixStream: Bool { amnesty_is_listening_unix_stream(descriptor) > 0 }

  /// Closes a descriptor that nobody wants.
  package func close() { _ = Glibc.close(descriptor) }
}

/// What the service manager has handed over. To be told apart by name: the order is not promised.
package enum InheritedDescriptors {
  /// All of them; none where LISTEN_FDS is not meant for this process. They are set to close on exec, and belong to the caller.
  ///
  /// The environment stays as it is, so a second call tells the same again.
  package static func all() throws(SystemdError) -> [InheritedDescriptor] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = try SystemdError.check("take the descriptors handed over", sd_listen_fds_with_names(0, &names))
    defer {
      if let names {
        for index in 0..<Int(count) { free(names[index]) }
        free(names)
      }
    }
    return (0..<count).map { index in
      let name = names?[Int(index)].map { String(cString: $0) } ?? ""
      return InheritedDescriptor(
        name: name.isEmpty ? InheritedDescriptor.unnamed : name, descriptor: CInt(SD_LISTEN_FDS_START) + index)
    }
  }
}
