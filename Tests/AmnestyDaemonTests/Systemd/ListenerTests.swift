// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import RPCServer
internal import Systemd
internal import Testing

@testable internal import AmnestyDaemon

@Suite("Sockets that are handed over") struct ListenerTests {
  private let roles: Set<String> = ["viewer", "admin"]

  /// A listening socket in a folder.
  private func listening(_ name: String, as label: String, in folder: TemporaryFolder) throws -> InheritedDescriptor {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: (folder.path + "/" + name).utf8) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    try #require(bound == 0 && listen(descriptor, 8) == 0)
    return InheritedDescriptor(name: label, descriptor: descriptor)
  }

  @Test("They are told apart by name, in any order; the public one lets all roles through but admin")
  func byName() throws {
    let folder = try TemporaryFolder()
    let admin = try listening("x", as: "amnestyd-admin.socket", in: folder)
    let open = try listening("y", as: "amnestyd.socket", in: folder)
    for inherited in [[admin, open], [open, admin]] {
      let (listeners, dropped) = try Listeners.choose(DaemonConfiguration(), inherited: inherited, allRoles: roles)
      #expect(dropped.isEmpty)
      let byName = Dictionary(uniqueKeysWithValues: listeners.configurations.map { ($0.name, $0) })
      #expect(byName["amnestyd.socket"]?.roles == ["viewer"])
      #expect(byName["amnestyd.socket"]?.address == .descriptor(open.descriptor))
      #expect(byName["amnestyd-admin.socket"]?.address == .descriptor(admin.descriptor))
      #expect(byName["amnestyd-admin.socket"].map { $0.roles == nil } == true)
      #expect(Set(listeners.paths) == [folder.path + "/x", folder.path + "/y"])
    }
    admin.close()
    open.close()
  }

  @Test("A socket without a name has no more rights than the public one")
  func unnamed() throws {
    let folder = try TemporaryFolder()
    let inherited = try listening("x", as: InheritedDescriptor.unnamed, in: folder)
    defer { inherited.close() }
    let (listeners, _) = try Listeners.choose(DaemonConfiguration(), inherited: [inherited], allRoles: roles)
    #expect(listeners.configurations.map(\.roles) == [["viewer"]])
  }

  @Test("What has a name that is not known is closed; if nothing else came, the daemon does not start and says which names are")
  func unknown() throws {
    let folder = try TemporaryFolder()
    let known = try listening("x", as: "public", in: folder)
    let (listeners, dropped) = try Listeners.choose(
      DaemonConfiguration(), inherited: [known, try listening("y", as: "other.socket", in: folder)], allRoles: roles)
    #expect(listeners.configurations.count == 1 && dropped == ["other.socket"])
    known.close()
    let error = try #require(throws: DaemonError.self) {
      try Listeners.choose(DaemonConfiguration(), inherited: [try listening("z", as: "other.socket", in: folder)], allRoles: roles)
    }
    #expect(error.description.contains("other.socket") && error.description.contains("amnestyd-admin.socket"))
  }

  @Test("A socket that is named wins over those handed over, and with none handed over the default path holds")
  func named() throws {
    let folder = try TemporaryFolder()
    var configuration = DaemonConfiguration()
    configuration.sockets = [folder.path + "/own"]
    configuration.isSocketNamed = true
    let (listeners, dropped) = try Listeners.choose(
      configuration, inherited: [try listening("x", as: "public", in: folder)], allRoles: roles)
    #expect(listeners.paths == [folder.path + "/own"] && dropped == ["public"])
    #expect(try Listeners.choose(DaemonConfiguration(), inherited: [], allRoles: roles).listeners.paths == ["/run/amnestyd/amnestyd.sock"])
  }

  @Test("What is handed over as a socket and is none keeps the daemon from starting")
  func noSocket() throws {
    let inherited = InheritedDescriptor(name: "public", descriptor: open("/dev/null", O_RDONLY))
    defer { inherited.close() }
    #expect(throws: DaemonError.self) { try Listeners.choose(DaemonConfiguration(), inherited: [inherited], allRoles: roles) }
  }
}
