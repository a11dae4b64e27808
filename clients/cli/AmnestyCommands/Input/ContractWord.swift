// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import ArgumentParser

/// A word of the contract, such as a state: one of a closed list.
package protocol ContractWord: Sendable {
  static var known: [Self] { get }
  var word: String { get }
  init(word: String)
}

extension AppealParty: ContractWord {}
extension CaseOrder: ContractWord {}
extension CaseState: ContractWord {}
extension ClockKind: ContractWord {}
extension Gravity: ContractWord {}
extension LetterForm: ContractWord {}
extension NeedKind: ContractWord {}
extension NeedState: ContractWord {}
extension Outcome: ContractWord {}
extension RevocationGround: ContractWord {}
extension Stage: ContractWord {}
extension Verdict: ContractWord {}

/// A word as an argument. Hyphens may stand for the underscores of the wire.
package struct Word<Value: ContractWord>: ExpressibleByArgument, Sendable {
  package var value: Value

  package init(_ value: Value) {
    self.value = value
  }

  package init?(argument: String) {
    let word = argument.replacing("-", with: "_")
    guard Value.known.contains(where: { $0.word == word }) else { return nil }
    self.value = Value(word: word)
  }

  package static var allValueStrings: [String] { Value.known.map(\.word) }
  package var defaultValueDescription: String { self.value.word }
}
