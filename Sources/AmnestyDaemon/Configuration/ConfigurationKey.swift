// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The members of the configuration file; in the environment `AMNESTY_` and the same name in capitals, words set apart by `_`.
struct ConfigurationKey: Sendable {
  enum Shape: Sendable {
    case scalar
    case list
  }

  /// `*` stands for any name.
  var path: [String]
  var shape: Shape

  static func all(roles: [String]) -> [ConfigurationKey] {
    [
      ConfigurationKey(path: ["socket"], shape: .list),
      ConfigurationKey(path: ["stateDirectory"], shape: .scalar),
      ConfigurationKey(path: ["acts"], shape: .scalar),
      ConfigurationKey(path: ["defaultAct"], shape: .scalar),
      ConfigurationKey(path: ["logLevel"], shape: .scalar),
      ConfigurationKey(path: ["logFormat"], shape: .scalar),
      ConfigurationKey(path: ["drainSeconds"], shape: .scalar),
    ]
      + LimitKey.all.map { ConfigurationKey(path: ["limits", $0.name], shape: .scalar) }
      + roles.flatMap { role in
        ["users", "groups", "actors"].map { ConfigurationKey(path: ["roles", role, $0], shape: .list) }
      }
      + DeploymentConfiguration.keys(roles: roles)
  }

  /// Whether the key begins with these names.
  func begins(with names: [String]) -> Bool {
    path.count >= names.count && zip(path, names).allSatisfy { $0 == $1 || $0 == "*" }
  }
}
