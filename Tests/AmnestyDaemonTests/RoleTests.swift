// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyDaemon
internal import AmnestyServices
internal import Testing

@Suite("Roles") struct RoleTests {
  private let accounts = Accounts(
    user: { ["registry": 500, "clerk": 501][$0] }, group: { ["prosecutors": 600][$0] })

  @Test("Unconfigured, root and the daemon's own user hold all roles, others none")
  func unconfigured() throws {
    let table = try RoleTable(nil, all: ["viewer", "delegate"], ownUser: 42, accounts: accounts)
    #expect(table.roles(user: 0, group: 0, supplementary: []) == ["viewer", "delegate"])
    #expect(table.roles(user: 42, group: 9, supplementary: []) == ["viewer", "delegate"])
    #expect(table.roles(user: 43, group: 0, supplementary: [42, 0]) == [])
    #expect(table.roles(actor: "clerk-1", of: 0) == ["viewer", "delegate"])
    #expect(table.roles(actor: "clerk-1", of: 43) == [])
  }

  @Test("Configured, a role is held by name or number of user, group or supplementary group, and by nobody else, root included")
  func configured() throws {
    let table = try RoleTable(
      ["viewer": RoleHolders(users: ["registry", "77"], groups: ["prosecutors"]), "delegate": RoleHolders(users: ["registry"])],
      all: ["viewer", "delegate"], ownUser: 42, accounts: accounts)
    #expect(table.roles(user: 500, group: 1, supplementary: []) == ["viewer", "delegate"])
    #expect(table.roles(user: 77, group: 1, supplementary: []) == ["viewer"])
    #expect(table.roles(user: 1, group: 600, supplementary: []) == ["viewer"])
    #expect(table.roles(user: 1, group: 1, supplementary: [5, 600]) == ["viewer"])
    #expect(table.roles(user: 0, group: 0, supplementary: []) == [])
    #expect(table.roles(user: 42, group: 0, supplementary: []) == [])
  }

  @Test("The daemon's own user may always do what its units do, whatever is configured")
  func ownUser() throws {
    let table = try RoleTable(["viewer": RoleHolders(users: ["77"])], all: ["viewer", "admin", "auditor"], ownUser: 42, accounts: accounts)
    #expect(table.roles(user: 42, group: 0, supplementary: []) == ["admin", "auditor"])
    #expect(table.roles(user: 77, group: 42, supplementary: []) == ["viewer"])
  }

  @Test("An actor holds what is given to it for that user, and nothing of the user's own")
  func actors() throws {
    let table = try RoleTable(
      ["viewer": RoleHolders(users: ["registry"], actors: ["registry:clerk-17", "501:clerk:with:colons"])], all: ["viewer"], ownUser: 42,
      accounts: accounts)
    #expect(table.roles(actor: "clerk-17", of: 500) == ["viewer"])
    #expect(table.roles(actor: "clerk-17", of: 501) == [])
    #expect(table.roles(actor: "clerk:with:colons", of: 501) == ["viewer"])
    #expect(table.roles(actor: "clerk-18", of: 500) == [])
  }

  @Test("A role of an office holds there alone; who works under two identities is one person")
  func offices() throws {
    var deployment = DeploymentConfiguration()
    deployment.offices = [
      "court": OfficeConfiguration(body: "court", roles: ["authority": RoleHolders(actors: ["registry:judge-1"])]),
      "prison": OfficeConfiguration(),
    ]
    deployment.persons = ["aizhan": ["registry:judge-1", "clerk"]]
    let table = try RoleTable(
      ["viewer": RoleHolders(users: ["clerk"])], all: ["viewer", "authority"], implied: ["authority": ["authority", "viewer"]],
      deployment: deployment, ownUser: 42, accounts: accounts)
    let judge = table.grants(user: 500, group: 0, supplementary: [], actor: "judge-1")
    #expect(judge.person == "aizhan" && judge.principal == "user:500" && judge.everywhere == [])
    #expect(judge.byOffice["court"] == ["authority", "viewer"] && judge.byOffice["prison"] == [])
    let clerk = table.grants(user: 501, group: 0, supplementary: [], actor: nil)
    #expect(clerk.person == "aizhan" && clerk.everywhere == ["viewer"])
    #expect(table.grants(user: 500, group: 0, supplementary: [], actor: "judge-2").person == "user:500/judge-2")
    #expect(table.officeList["court"]?.body == "court" && table.officeList["prison"]?.body == nil)
    deployment.persons = ["aizhan": ["clerk"], "other": ["501"]]
    #expect(throws: DaemonError.self) { try RoleTable(nil, all: [], deployment: deployment, accounts: accounts) }
  }

  @Test(
    "A name that the host does not know is refused when the configuration is read",
    arguments: [
      RoleHolders(users: ["nobody-here"]), RoleHolders(groups: ["nobody-here"]), RoleHolders(actors: ["nobody-here:x"]),
      RoleHolders(actors: ["registry"]),
    ])
  func unknownNames(holders: RoleHolders) throws {
    let error = try #require(throws: DaemonError.self) { try RoleTable(["viewer": holders], all: ["viewer"], accounts: accounts) }
    #expect(error.kind == .configuration)
    #expect(error.description.contains("roles.viewer."))
  }

  @Test("The host's own accounts are found by name")
  func systemAccounts() {
    #expect(Accounts.system.user("root") == 0)
    #expect(Accounts.system.group("root") == 0)
    #expect(Accounts.system.user("no such user") == nil)
  }
}
