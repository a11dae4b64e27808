// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
package import AmnestyWire

extension ActCatalogue {
  package func compare(_ request: CompareActsRequest, context: CallContext) async throws(Status) -> CompareActsResponse {
    let snapshot = acts.current
    let (act, other) = (try snapshot.act(request.actId), try snapshot.act(request.otherActId))
    let comparison = ActComparison(act.file.document, other.file.document)
    return CompareActsResponse(
      act: ActSummary(act, isDefault: act === snapshot.defaultAct), other: ActSummary(other, isDefault: other === snapshot.defaultAct),
      members: comparison.members.map { ActMemberDifference(member: $0.name, before: $0.before, after: $0.after) },
      provisions: comparison.differences.map { ProvisionDifference($0) })
  }
}

extension ProvisionDifference {
  fileprivate init(_ difference: ActComparison.Difference) {
    self.init(
      id: difference.id, change: ProvisionChange(difference.change), parts: difference.parts.map { ProvisionPart($0) },
      before: difference.before.map { .init($0) }, after: difference.after.map { .init($0) })
  }
}

extension AmnestyWire.ComparedProvision {
  fileprivate init(_ provision: AmnestyActs.ComparedProvision) {
    self.init(
      kind: provision.kind.rawValue, basis: .init(provision.basis), basisWhenFalse: .init(provision.basisWhenFalse),
      citation: provision.citation, text: .init(provision.text), condition: provision.condition, effect: provision.effect)
  }
}

extension ProvisionChange {
  fileprivate init(_ change: ActComparison.Change) {
    self =
      switch change {
      case .added: .added
      case .removed: .removed
      case .changed: .changed
      }
  }
}

extension ProvisionPart {
  fileprivate init(_ part: ActComparison.Part) {
    self =
      switch part {
      case .condition: .condition
      case .basis: .basis
      case .text: .text
      case .source: .source
      case .measure: .measure
      case .order: .order
      }
  }
}
