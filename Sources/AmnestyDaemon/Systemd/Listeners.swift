// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import RPCServer
internal import Systemd

/// The ways into the daemon: sockets handed over by the service manager, told apart by name, or paths of its own.
struct Listeners: Sendable {
  private(set) var configurations: [ListenerConfiguration] = []
  /// Where each can be reached from this process; a socket without a path is missing here.
  private(set) var paths: [String] = []

  /// The names of the socket units, and the short ones that go with them on a command line (systemd-socket-activate --fdname=).
  private static let publicNames: Set<String> = ["amnestyd.socket", "public", InheritedDescriptor.unnamed]
  private static let adminNames: Set<String> = ["amnestyd-admin.socket", "admin"]
  static let adminRole = "admin"

  /// - Parameters:
  ///   - inherited: what the service manager has handed over. Used where no socket is named; what has an unknown name is closed.
  ///   - allRoles: a public socket lets all through but ``adminRole``; so does one without a name.
  /// - Returns: the listeners, and the names of what was closed.
  static func choose(
    _ configuration: DaemonConfiguration, inherited: [InheritedDescriptor], allRoles: Set<String>
  ) throws(DaemonError) -> (listeners: Listeners, dropped: [String]) {
    var listeners = Listeners()
    if configuration.isSocketNamed || inherited.isEmpty {
      for descriptor in inherited { descriptor.close() }
      listeners.configurations = configuration.sockets.map { ListenerConfiguration(.path($0)) }
      listeners.paths = configuration.sockets
      return (listeners, inherited.map(\.name))
    }
    var dropped: [String] = []
    for descriptor in inherited {
      let roles: Set<String>?
      if publicNames.contains(descriptor.name) {
        roles = allRoles.subtracting([adminRole])
      } else if adminNames.contains(descriptor.name) {
        roles = nil
      } else {
        descriptor.close()
        dropped.append(descriptor.name)
        continue
      }
      guard descriptor.isListeningUnixStream else {
        throw DaemonError(
          .usage,
          "the socket \(descriptor.name) that the service manager has handed over is no listening Unix stream socket; use ListenStream= with a path"
        )
      }
      listeners.configurations.append(
        ListenerConfiguration(.descriptor(descriptor.descriptor), roles: roles, label: descriptor.name))
      if let path = SocketPath.of(descriptor.descriptor) { listeners.paths.append(path) }
    }
    guard !listeners.configurations.isEmpty else {
      throw DaemonError(
        .usage,
        "the service manager has handed over no socket that is known here, only \(dropped.sorted().joined(separator: ", ")); "
          + "FileDescriptorName= is one of \((publicNames.union(adminNames)).sorted().joined(separator: ", "))")
    }
    return (listeners, dropped)
  }
}

/// The path that a Unix socket is bound to.
enum SocketPath {
  /// Nil where it has none: unbound, or an abstract name.
  static func of(_ socket: CInt) -> String? {
    var address = sockaddr_un()
    var length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
    let path = withUnsafeBytes(of: address.sun_path) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    return path.isEmpty ? nil : path
  }
}
