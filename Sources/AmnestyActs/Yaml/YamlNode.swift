// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A value as the YAML file writes it, with its place and nothing guessed: a scalar is its text, and the schema says what it means.
package struct YamlNode: Sendable, Equatable {
  package indirect enum Content: Sendable, Equatable {
    case scalar(String, isPlain: Bool)
    case list([YamlNode])
    case mapping([Member])
    /// Stands in for a member that is missing, so that reading goes on to the next problem.
    case missing
  }

  package struct Member: Sendable, Equatable {
    package var name: String
    package var place: Place
    package var value: YamlNode
  }

  package var content: Content
  package var place: Place

  static let missing = YamlNode(content: .missing, place: .unknown)

  package var isMapping: Bool {
    if case .mapping = content { return true }
    return false
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar("", isPlain: true), .scalar("~", isPlain: true), .scalar("null", isPlain: true): "nothing"
    case .scalar: "a value"
    case .list: "a list"
    case .mapping: "a mapping"
    case .missing: "nothing"
    }
  }
}
