// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyTexts
internal import AmnestyWire

extension ExecutionOrder {
  init(_ order: Order) {
    let kind: OrderKind = order.kind == .terminate ? .terminateProceedings : .init(word: order.kind.rawValue)
    self.init(kind: kind, on: order.on?.text, measure: order.measure, text: ExecutionOrder.text(order))
  }

  private static func text(_ order: Order) -> AmnestyWire.LocalizedText {
    switch (order.kind, order.on?.text) {
    case (.release, let day?): .init { Text.orderRelease($0, day: day) }
    case (.release, nil): .init(Text.orderReleaseAtOnce)
    case (.newEnd, let day?): .init { Text.orderNewEnd($0, day: day) }
    case (.newEnd, nil): .init(Text.orderNewEndToCompute)
    case (.terminate, _): .init(Text.orderTerminate)
    case (.removeConviction, _): .init(Text.orderRemoveConviction)
    case (.recallRelease, _): .init(Text.orderRecallRelease)
    case (.restoreTerm, _): .init(Text.orderRestoreTerm)
    case (.resumeProceedings, _): .init(Text.orderResumeProceedings)
    case (.restoreConviction, _): .init(Text.orderRestoreConviction)
    case (.other, _): .init(Text.orderOther)
    }
  }
}
