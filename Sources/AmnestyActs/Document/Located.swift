// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A value of the file and where it stands; the place does not count when two are compared.
package struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
  package var value: Value
  package var place: Place

  package init(_ value: Value, at place: Place) {
    self.value = value
    self.place = place
  }

  package static func == (a: Located, b: Located) -> Bool { a.value == b.value }
}

/// A member whose name the author chose.
package struct Named<Value: Sendable & Equatable>: Sendable, Equatable {
  package var name: Located<String>
  package var value: Value

  package init(_ name: Located<String>, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// Lets a type hold one of its own kind.
package indirect enum Indirect<Value: Sendable & Equatable>: Sendable, Equatable {
  case holding(Value)

  package init(_ value: Value) { self = .holding(value) }

  package var value: Value {
    switch self {
    case .holding(let value): value
    }
  }
}
