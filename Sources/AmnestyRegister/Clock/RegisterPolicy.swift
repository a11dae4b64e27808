// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// What a deployment sets for itself. Nothing here is law.
package struct RegisterPolicy: Sendable, Hashable {
  /// Days for each of the deployment's own deadlines; a kind that is absent has no clock. `actWindow` is the act's and is ignored here.
  package var days: [ClockKind: Int]
  /// The window of the act that applies where nobody has assessed yet; nil where no such act is loaded.
  package var actWindow: ActWindow?
  /// The needs opened for everybody who is freed.
  package var needs: [NeedPolicy]
  /// Registers to be told of a removed conviction, each with its name.
  package var subscribers: [String]
  /// How long a key answers again; at least seven days.
  package var keepKeysFor: Duration

  /// What `keepKeysFor` is where nobody says otherwise: 8 days.
  package static let keysKeptMilliseconds: Int64 = 8 * 86_400_000

  package init(
    days: [ClockKind: Int] = [:], actWindow: ActWindow? = nil, needs: [NeedPolicy] = [], subscribers: [String] = [],
    keepKeysFor: Duration = .milliseconds(keysKeptMilliseconds)
  ) {
    self.days = days
    self.actWindow = actWindow
    self.needs = needs
    self.subscribers = subscribers
    self.keepKeysFor = keepKeysFor
  }
}

/// The days in which an act is to be carried out, both included.
package struct ActWindow: Sendable, Hashable {
  package var from: Day
  package var through: Day

  package init(from: Day, through: Day) {
    self.from = from
    self.through = through
  }
}

package struct NeedPolicy: Sendable, Hashable {
  package var kind: NeedKind
  package var responsible: String
  /// Days after the release.
  package var days: Int

  package init(kind: NeedKind, responsible: String, days: Int) {
    self.kind = kind
    self.responsible = responsible
    self.days = days
  }
}
