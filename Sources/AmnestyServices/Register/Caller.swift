// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyWire

/// The caller of one call: who they are, in which offices they hold which roles.
struct Caller: Sendable {
  let person: String
  let principal: String
  let actor: String?
  private let everywhere: Set<String>
  private let byOffice: [String: Set<String>]
  private let offices: [String: Office]

  /// Roles that show a case; the others see nothing of it.
  private static let seeing: Set<String> = ["viewer", "registrar", "preparer", "authority", "executor", "auditor"]
  /// Roles that still see a case whose conviction was removed.
  private static let seeingSealed: Set<String> = ["authority", "executor", "auditor"]

  /// - Parameter context: its roles are what the listener lets through; a grant never exceeds them.
  init(_ context: CallContext, _ directory: any Directory) {
    let grants = directory.grants(of: context.peer, actor: context.actor)
    person = grants.person
    principal = grants.principal
    actor = context.actor
    everywhere = grants.everywhere.intersection(context.roles)
    byOffice = grants.byOffice.mapValues { $0.intersection(context.roles) }
    offices = directory.offices
  }

  func roles(in office: String) -> Set<String> {
    guard let own = byOffice[office] else { return everywhere }
    return everywhere.union(own)
  }

  /// The offices in which the caller holds one of the roles; nil: all.
  private func holding(_ roles: Set<String>) -> Set<String>? {
    if !everywhere.isDisjoint(with: roles) { return nil }
    return Set(byOffice.filter { !$0.value.isDisjoint(with: roles) }.keys)
  }

  /// All of it, as the configuration and the listener have it.
  var whoAmI: WhoAmIResponse {
    WhoAmIResponse(
      principal: principal, actor: actor, person: person, everywhere: everywhere.sorted(),
      offices: offices.sorted { $0.key < $1.key }.compactMap { name, office in
        let held = roles(in: name)
        return held.isEmpty ? nil : OfficeRoles(office: name, body: office.body, roles: held.sorted())
      })
  }

  /// What the caller may see.
  var scope: Scope { Scope(offices: holding(Caller.seeing), sealedOffices: holding(Caller.seeingSealed)) }

  /// The offices whose cases show the caller the identification number; nil: all.
  var showingNumbers: Set<String>? {
    func shows(_ roles: Set<String>) -> Bool {
      var person = Person(iin: "")
      var masked: [String] = []
      person.mask(for: roles, into: &masked)
      return person.iin != nil
    }
    return shows(everywhere) ? nil : Set(byOffice.keys.filter { shows(roles(in: $0)) })
  }

  /// What the caller may see in the role, narrowed to one office where one is named.
  func scope(as role: String, office: String? = nil) -> Scope {
    var scope = scope
    scope.offices = holding([role])
    if let office { scope.offices = (scope.offices?.contains(office) ?? true) ? [office] : [] }
    return scope
  }

  func author(as role: CaseRole, in office: String) -> Author {
    Author(person: person, principal: principal, actor: actor, role: role, office: office)
  }

  /// The author of a read, which may span offices.
  func reader(as role: CaseRole, office: String? = nil) -> Author {
    Author(person: person, principal: principal, actor: actor, role: role, office: office ?? holding([role.rawValue])?.sorted().first ?? "")
  }

  /// The office in which the caller does something new: the one named, or the only one in which they hold the role.
  func office(named name: String?, as role: String) throws(Status) -> String {
    let held = holding([role]) ?? Set(offices.keys)
    if let name {
      if held.contains(name), offices[name] != nil { return name }
      throw .noOffice(role: role, "You hold it not in \(Status.bounded(name)), or there is no such office.", held: held)
    }
    if held.count == 1, let only = held.first { return only }
    throw .noOffice(role: role, held.isEmpty ? "You hold it in no office." : "You hold it in several, so name one.", held: held)
  }
}

extension Status {
  static func noOffice(role: String, _ why: String, held: Set<String>) -> Status {
    let list = held.sorted().joined(separator: ", ")
    return Status(
      .permissionDenied, reason: ErrorReason.noOffice,
      "This needs the role \(role) in an office. \(why) \(held.isEmpty ? "The administrator grants it under offices: in the configuration." : "Set office to one of \(bounded(list, to: 1000)).")",
      info: ["role": role, "offices": bounded(list, to: 1000)])
  }
}
