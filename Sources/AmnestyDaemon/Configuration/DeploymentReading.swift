// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import Configuration

extension DeploymentConfiguration {
  static let stages = ["investigation", "trial", "appeal", "sentenced", "served"]
  /// The deployment's own; the act's window is the act's.
  static let clocks = ClockKind.allCases.filter { $0 != .actWindow }.map(\.rawValue)
  static let needs = NeedKind.allCases.map(\.rawValue)

  static func keys(roles: [String]) -> [ConfigurationKey] {
    [
      ConfigurationKey(path: ["subscribers"], shape: .list), ConfigurationKey(path: ["auditKey"], shape: .scalar),
      ConfigurationKey(path: ["backups"], shape: .scalar), ConfigurationKey(path: ["offices", "*", "body"], shape: .scalar),
      ConfigurationKey(path: ["persons", "*"], shape: .list),
    ]
      + stages.map { ConfigurationKey(path: ["procedure", $0], shape: .scalar) }
      + clocks.map { ConfigurationKey(path: ["deadlines", $0], shape: .scalar) }
      + needs.flatMap { need in ["responsible", "days"].map { ConfigurationKey(path: ["aftercare", need, $0], shape: .scalar) } }
      + roles.flatMap { role in
        ["users", "groups", "actors"].map { ConfigurationKey(path: ["offices", "*", "roles", role, $0], shape: .list) }
      }
  }

  /// - Parameter names: the names that the file gives below `offices` and `persons`.
  init(_ reader: ConfigReader, names: [String: [String]], roles: [String]) throws(DaemonError) {
    self.init()
    for office in names["offices"] ?? [] {
      guard DeploymentConfiguration.isName(office) else {
        throw DaemonError(.configuration, "offices.\(office) is no name of an office; use up to 64 of a-z 0-9 and -")
      }
      var configured = OfficeConfiguration(body: reader.string(forKey: ConfigKey(["offices", office, "body"])))
      for role in roles {
        if let holders = RoleHolders(reader, below: ["offices", office, "roles", role]) { configured.roles[role] = holders }
      }
      offices[office] = configured
    }
    for person in names["persons"] ?? [] {
      persons[person] = reader.stringArray(forKey: ConfigKey(["persons", person])) ?? []
    }
    for stage in DeploymentConfiguration.stages { procedure[stage] = reader.string(forKey: ConfigKey(["procedure", stage])) }
    for clock in DeploymentConfiguration.clocks { deadlines[clock] = try DeploymentConfiguration.days(reader, ["deadlines", clock]) }
    for need in DeploymentConfiguration.needs {
      let days = try DeploymentConfiguration.days(reader, ["aftercare", need, "days"])
      let responsible = reader.string(forKey: ConfigKey(["aftercare", need, "responsible"]))
      switch (responsible, days) {
      case (nil, nil): break
      case (let responsible?, let days?): aftercare[need] = NeedConfiguration(responsible: responsible, days: days)
      default: throw DaemonError(.configuration, "aftercare.\(need) needs both responsible and days")
      }
    }
    subscribers = reader.stringArray(forKey: "subscribers") ?? []
    for subscriber in subscribers where offices[subscriber] == nil {
      throw DaemonError(.configuration, "subscribers names \(subscriber), which is no office; add it under offices:")
    }
    auditKey = reader.string(forKey: "auditKey").flatMap { $0.isEmpty ? nil : $0 }
    backups = reader.string(forKey: "backups").flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func days(_ reader: ConfigReader, _ path: [String]) throws(DaemonError) -> Int? {
    guard let text = reader.string(forKey: ConfigKey(path)) else { return nil }
    guard let days = Int(text), (0...3660).contains(days) else {
      throw DaemonError(.configuration, "\(path.joined(separator: ".")) is \(text); give a number of days from 0 to 3660")
    }
    return days
  }

  private static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
      }
  }
}

extension RoleHolders {
  /// Nil where the configuration says nothing of them.
  init?(_ reader: ConfigReader, below path: [String]) {
    func list(_ member: String) -> [String]? { reader.stringArray(forKey: ConfigKey(path + [member])) }
    let (users, groups, actors) = (list("users"), list("groups"), list("actors"))
    guard users != nil || groups != nil || actors != nil else { return nil }
    self.init(users: users ?? [], groups: groups ?? [], actors: actors ?? [])
  }
}

extension RegisterPolicy {
  /// - Parameter acts: the default one's window applies to cases that nobody has assessed.
  init(_ deployment: DeploymentConfiguration, acts: ActSnapshot) {
    self.init(
      days: Dictionary(
        uniqueKeysWithValues: deployment.deadlines.compactMap { name, days in ClockKind(rawValue: name).map { ($0, days) } }),
      actWindow: acts.defaultAct?.window,
      needs: NeedKind.allCases.compactMap { kind in
        // The law names work, medical care and papers for all who are released, housing where it is needed.
        let standard = kind == .housing ? nil : NeedConfiguration(responsible: "akimat", days: 30)
        return (deployment.aftercare[kind.rawValue] ?? standard).map { NeedPolicy(kind: kind, responsible: $0.responsible, days: $0.days) }
      },
      subscribers: deployment.subscribers)
  }
}
