// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// The parts of a chain as the register's own JSON, one column each. A part that cannot be read back is nil, which the reader tells as damage.

private func day(_ value: StoredJSON) -> Day? { value.string.flatMap { Day($0) } }
private func instant(_ value: StoredJSON) -> Instant? { value.int.map(Instant.init(milliseconds:)) }
private func json(_ day: Day?) -> StoredJSON { .optional(day?.text) }
private func json(_ instant: Instant) -> StoredJSON { .int(instant.milliseconds) }

func storedSet(_ words: Set<String>) -> String { words.sorted().joined(separator: " ") }
func readSet(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

/// Lists of words with a space around each, so that one of them can be looked for.
func storedWords(_ words: [String]) -> String { words.isEmpty ? "" : " " + words.joined(separator: " ") + " " }
func readWords(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

extension Resolution {
  var stored: StoredJSON { .fields([("person", .string(person)), ("at", json(at)), ("reason", .string(reason))]) }

  init?(_ value: StoredJSON) {
    guard let person = value["person"].string, let at = instant(value["at"]), let reason = value["reason"].string else { return nil }
    self.init(person: person, at: at, reason: reason)
  }
}

extension Proposal {
  var stored: StoredJSON {
    .fields([
      ("verdict", .string(verdict.rawValue)), ("measures", .string(storedSet(measures))), ("reason", .optional(reason)),
      ("departs", .bool(departs)), ("readings", .optional(readings.isEmpty ? nil : readings.words)),
      ("assessment", .int(Int64(assessment))), ("person", .string(person)), ("at", json(at)),
    ])
  }

  init?(_ value: StoredJSON) {
    guard let verdict = value["verdict"].string.flatMap(Verdict.init), let measures = value["measures"].string,
      let departs = value["departs"].bool, let readings = [ChosenReading](words: value["readings"].string ?? ""),
      let assessment = value["assessment"].int, let person = value["person"].string, let at = instant(value["at"])
    else { return nil }
    self.init(
      verdict: verdict, measures: readSet(measures), reason: value["reason"].string, departs: departs, readings: readings,
      assessment: Int(assessment), person: person, at: at)
  }
}

extension Decision {
  var stored: StoredJSON {
    .fields([
      ("verdict", .string(verdict.rawValue)), ("measures", .string(storedSet(measures))), ("reason", .optional(reason)),
      ("departs", .bool(departs)), ("readings", .optional(readings.isEmpty ? nil : readings.words)),
      ("assessment", .int(Int64(assessment))), ("person", .string(person)), ("office", .string(office)), ("body", .string(body)),
      ("on", json(on)), ("at", json(at)),
    ])
  }

  init?(_ value: StoredJSON) {
    guard let verdict = value["verdict"].string.flatMap(Verdict.init), let measures = value["measures"].string,
      let departs = value["departs"].bool, let readings = [ChosenReading](words: value["readings"].string ?? ""),
      let assessment = value["assessment"].int, let person = value["person"].string, let office = value["office"].string,
      let body = value["body"].string, let on = day(value["on"]), let at = instant(value["at"])
    else { return nil }
    self.init(
      verdict: verdict, measures: readSet(measures), reason: value["reason"].string, departs: departs, readings: readings,
      assessment: Int(assessment), person: person, office: office, body: body, on: on, at: at)
  }
}

extension Objection {
  var stored: StoredJSON {
    .fields([("person", .string(person)), ("at", json(at)), ("note", .optional(note)), ("of_record", .bool(isOfRecord))])
  }

  init?(_ value: StoredJSON) {
    guard let person = value["person"].string, let at = instant(value["at"]) else { return nil }
    self.init(person: person, at: at, note: value["note"].string, isOfRecord: value["of_record"].bool ?? false)
  }
}

extension Appeal {
  var stored: StoredJSON {
    .fields([("side", .string(side.rawValue)), ("person", .string(person)), ("at", json(at)), ("reason", .string(reason))])
  }

  init?(_ value: StoredJSON) {
    guard let side = value["side"].string.flatMap(AppealSide.init), let person = value["person"].string, let at = instant(value["at"]),
      let reason = value["reason"].string
    else { return nil }
    self.init(side: side, person: person, at: at, reason: reason)
  }
}

extension Judgment {
  var stored: StoredJSON { .fields([("reference", .string(reference)), ("on", json(on)), ("term", .optional(term?.text))]) }

  init?(_ value: StoredJSON) {
    guard let reference = value["reference"].string, let on = day(value["on"]) else { return nil }
    self.init(reference: reference, on: on, term: value["term"].string.flatMap { Term($0) })
  }
}

extension Order {
  var stored: StoredJSON { .fields([("kind", .string(kind.rawValue)), ("on", json(on)), ("measure", .optional(measure))]) }

  init?(_ value: StoredJSON) {
    guard let kind = value["kind"].string.flatMap(Kind.init) else { return nil }
    self.init(kind: kind, on: day(value["on"]), measure: value["measure"].string)
  }

  static func all(_ value: StoredJSON) -> [Order]? {
    let orders = value.array.compactMap(Order.init)
    return orders.count == value.array.count ? orders : nil
  }
}

extension Execution {
  var stored: StoredJSON {
    .fields([("person", .string(person)), ("on", json(on)), ("at", json(at)), ("orders", .array(orders.map(\.stored)))])
  }

  init?(_ value: StoredJSON) {
    guard let person = value["person"].string, let on = day(value["on"]), let at = instant(value["at"]),
      let orders = Order.all(value["orders"])
    else { return nil }
    self.init(person: person, on: on, at: at, orders: orders)
  }
}

extension Revocation {
  var stored: StoredJSON {
    .fields([
      ("ground", .string(ground.rawValue)), ("reason", .string(reason)), ("person", .string(person)), ("on", json(on)), ("at", json(at)),
      ("orders", .array(orders.map(\.stored))),
    ])
  }

  init?(_ value: StoredJSON) {
    guard let ground = value["ground"].string.flatMap(RevocationGround.init), let reason = value["reason"].string,
      let person = value["person"].string, let on = day(value["on"]), let at = instant(value["at"]), let orders = Order.all(value["orders"])
    else { return nil }
    self.init(ground: ground, reason: reason, person: person, on: on, at: at, orders: orders)
  }
}

extension CaseClock {
  var stored: StoredJSON {
    .fields([
      ("kind", .string(kind.rawValue)), ("started", json(startedOn)), ("due", json(dueOn)), ("paused", json(pausedOn)),
      ("reason", .optional(pauseReason)),
    ])
  }

  init?(_ value: StoredJSON) {
    guard let kind = value["kind"].string.flatMap(ClockKind.init), let started = day(value["started"]), let due = day(value["due"]) else {
      return nil
    }
    self.init(kind: kind, startedOn: started, dueOn: due, pausedOn: day(value["paused"]), pauseReason: value["reason"].string)
  }
}

extension FactSource {
  var stored: StoredJSON {
    .fields([("pointer", .string(pointer)), ("source", .string(source)), ("learnt", json(learntOn)), ("from", json(validFrom))])
  }

  init?(_ value: StoredJSON) {
    guard let pointer = value["pointer"].string, let source = value["source"].string else { return nil }
    self.init(pointer: pointer, source: source, learntOn: day(value["learnt"]), validFrom: day(value["from"]))
  }
}

extension PersonName {
  var stored: StoredJSON {
    .fields([("family", .optional(family)), ("given", .optional(given)), ("patronymic", .optional(patronymic))])
  }

  init(_ value: StoredJSON) {
    self.init(family: value["family"].string, given: value["given"].string, patronymic: value["patronymic"].string)
  }
}

extension NeedNote {
  var stored: StoredJSON { .fields([("at", json(at)), ("person", .string(person)), ("text", .string(text))]) }

  init?(_ value: StoredJSON) {
    guard let at = instant(value["at"]), let person = value["person"].string, let text = value["text"].string else { return nil }
    self.init(at: at, person: person, text: text)
  }
}

extension [Link.Detail] {
  /// Pairs in order: a name may stand more than once.
  var stored: StoredJSON { .array(map { .array([.string($0.name), .string($0.value)]) }) }

  init?(_ value: StoredJSON) {
    var details: [Link.Detail] = []
    for pair in value.array {
      guard pair.array.count == 2, let name = pair.array[0].string, let value = pair.array[1].string else { return nil }
      details.append(Link.Detail(name, value))
    }
    self = details
  }
}
