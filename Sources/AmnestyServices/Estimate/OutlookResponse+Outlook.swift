// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

extension OutlookResponse {
  init(_ outlook: Outlook, _ answer: Answer) {
    let act = answer.act
    self.init(
      assessment: AmnestyWire.Assessment(answer),
      changes: outlook.changes.map { change in
        OutlookChange(
          fact: answer.facts.pointer(change.slot), question: act.question(change.slot), value: change.value.isEmpty ? nil : change.value,
          outcome: Outcome(change.outcome), measures: change.measures, newEnd: change.newEnd?.text, releaseOn: change.releaseOn?.text)
      },
      events: outlook.events.sorted { $0.on < $1.on }.map { event in
        OutlookEvent(kind: .init(word: event.kind.rawValue), on: event.on.text, reading: event.reading.map { .init($0) })
      })
  }
}
