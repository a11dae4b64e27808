// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Configuration
internal import Logging

extension DaemonConfiguration {
  /// Reads the configuration: options before environment before file before defaults.
  ///
  /// | key | type | range |
  /// | --- | --- | --- |
  /// | `socket` | list of paths, at least one | at most 107 bytes each |
  /// | `stateDirectory`, `acts` | path | |
  /// | `defaultAct` | id of an act | |
  /// | `logLevel` | trace, debug, info, notice, warning, error, critical | |
  /// | `logFormat` | auto, journal, json, human | |
  /// | `drainSeconds` | integer | 0 to 3,600 |
  /// | `limits.NAME` | integer | as ``LimitKey`` says |
  /// | `roles.NAME.users`, `.groups` | lists of names or numbers | |
  /// | `roles.NAME.actors` | list of `USER:ACTOR` | |
  /// | `offices.NAME.body` | kind of body | |
  /// | `offices.NAME.roles.…` | as `roles` | |
  /// | `persons.NAME` | list of `USER` or `USER:ACTOR` | |
  /// | `procedure.STAGE` | kind of body, where the act leaves it open | |
  /// | `deadlines.CLOCK`, `aftercare.NEED.days` | days | 0 to 3,660 |
  /// | `aftercare.NEED.responsible` | name of a body | |
  /// | `subscribers` | list of offices | |
  /// | `auditKey`, `backups` | path | |
  ///
  /// - Parameter roles: the roles that methods ask for.
  package static func read(
    _ options: AmnestydCommand, environment: [String: String], roles: [String]
  ) async throws(DaemonError) -> DaemonConfiguration {
    var providers: [any ConfigProvider] = [
      arguments(options),
      EnvironmentVariablesProvider(environmentVariables: environment, arraySeparator: ":").prefixKeys(with: "amnesty"),
    ]
    var names: [String: [String]] = [:]
    if let file = options.config ?? environment["AMNESTY_CONFIG"], !file.isEmpty,
      let said = try ConfigurationFile.check(file, keys: ConfigurationKey.all(roles: roles))
    {
      names = said
      let place = InMemoryProvider(values: ["filePath": ConfigValue(.string(file), isSecret: false)])
      do {
        providers.append(try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: place)))
      } catch {
        throw DaemonError(.configuration, "\(file): \(error)")
      }
    }
    return try DaemonConfiguration(ConfigReader(providers: providers), names: names, roles: roles)
  }

  private static func arguments(_ options: AmnestydCommand) -> InMemoryProvider {
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    if !options.sockets.isEmpty { values["socket"] = ConfigValue(.stringArray(options.sockets), isSecret: false) }
    for (key, value) in [
      ("stateDirectory", options.stateDirectory), ("acts", options.acts), ("defaultAct", options.defaultAct),
      ("logLevel", options.logLevel),
      ("logFormat", options.logFormat), ("drainSeconds", options.drainSeconds),
    ] {
      if let value { values[AbsoluteConfigKey([key])] = ConfigValue(.string(value), isSecret: false) }
    }
    return InMemoryProvider(name: "arguments", values: values)
  }

  private init(_ reader: ConfigReader, names: [String: [String]], roles: [String]) throws(DaemonError) {
    self.init()
    if let sockets = reader.stringArray(forKey: "socket") {
      self.sockets = sockets.filter { !$0.isEmpty }
      isSocketNamed = true
    }
    if sockets.isEmpty { throw DaemonError(.configuration, "socket names no path; leave it out, or name at least one") }
    if let path = reader.string(forKey: "stateDirectory") {
      if path.isEmpty { throw DaemonError(.configuration, "stateDirectory is empty; name a folder") }
      stateDirectory = path
    }
    acts = reader.string(forKey: "acts").flatMap { $0.isEmpty ? nil : $0 }
    defaultAct = reader.string(forKey: "defaultAct").flatMap { $0.isEmpty ? nil : $0 }
    if let word = reader.string(forKey: "logLevel") {
      guard let level = Logger.Level(rawValue: word) else {
        throw DaemonConfiguration.unknownWord("logLevel", word, Logger.Level.allCases.map(\.rawValue))
      }
      logLevel = level
    }
    if let word = reader.string(forKey: "logFormat") {
      guard let format = LogFormat(rawValue: word) else {
        throw DaemonConfiguration.unknownWord("logFormat", word, LogFormat.allCases.map(\.rawValue))
      }
      logFormat = format
    }
    if let text = reader.string(forKey: "drainSeconds") {
      guard let seconds = Int(text), (0...3600).contains(seconds) else {
        throw DaemonError(.configuration, "drainSeconds is \(text); give a number of seconds from 0 to 3600")
      }
      drainSeconds = seconds
    }
    for key in LimitKey.all {
      guard let text = reader.string(forKey: ConfigKey(["limits", key.name])) else { continue }
      guard let value = Int(text), key.range.contains(value) else {
        throw DaemonError(
          .configuration, "limits.\(key.name) is \(text); give a whole number from \(key.range.lowerBound) to \(key.range.upperBound)")
      }
      key.set(&limits, value)
    }
    for role in roles {
      guard let holders = RoleHolders(reader, below: ["roles", role]) else { continue }
      self.roles = self.roles ?? [:]
      self.roles?[role] = holders
    }
    deployment = try DeploymentConfiguration(reader, names: names, roles: roles)
  }

  private static func unknownWord(_ key: String, _ word: String, _ known: [String]) -> DaemonError {
    DaemonError(.configuration, "\(key) is \(word); give one of \(known.joined(separator: ", "))")
  }
}
