// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// From a record as a caller sends it to the record as the register keeps it.
struct RecordIntake {
  let acts: ActSnapshot
  /// Nothing is learnt later.
  let today: Day

  /// - Throws: INVALID_ARGUMENT with every path, where the record contradicts itself or states what no act declares.
  func take(_ record: AmnestyWire.CaseRecord, sources: [AmnestyWire.FactSource]?) throws(Status) -> AmnestyRegister.CaseRecord {
    guard let act = acts.defaultAct else { throw .noDefaultAct(loaded: acts.list) }
    _ = try CaseFacts(record, under: act, in: acts)
    let bytes = RecordIntake.canonical(record)
    let person = record.person
    let name = PersonName(family: person?.familyName, given: person?.givenName, patronymic: person?.patronymic)
    let offences = record.offences.filter { $0.dropped != true }
    return AmnestyRegister.CaseRecord(
      bytes: bytes, digest: bytes.withUnsafeBytes { CanonicalDigest.sha256(of: $0) },
      columns: CaseColumns(
        stage: record.stage?.word, detained: record.detained, gravities: Set(offences.compactMap { $0.gravity?.word }).sorted(),
        articles: Set(offences.compactMap(\.article)).sorted(), personKey: person?.iin),
      names: name.family == nil && name.given == nil && name.patronymic == nil ? [] : [name], iin: person?.iin,
      objects: record.objectsToTermination,
      sources: try facts(sources ?? []))
  }

  private func facts(_ sources: [AmnestyWire.FactSource]) throws(Status) -> [AmnestyRegister.FactSource] {
    var taken: [AmnestyRegister.FactSource] = []
    for (index, source) in sources.enumerated() {
      guard source.pointer.hasPrefix("/") else {
        throw .invalidField([
          FieldViolation(field: "/sources/\(index)/pointer", description: "is no JSON Pointer into the record, such as /sentence/term")
        ])
      }
      let learntOn = try day(source.learntOn, at: "/sources/\(index)/learntOn")
      if let learntOn, learntOn > today {
        throw .invalidField([
          FieldViolation(
            field: "/sources/\(index)/learntOn", description: "is after today, \(today.text): give the day on which it was learnt")
        ])
      }
      taken.append(AmnestyRegister.FactSource(pointer: source.pointer, source: source.source, learntOn: learntOn))
    }
    return taken
  }

  static func canonical(_ record: AmnestyWire.CaseRecord) -> [UInt8] {
    JSONWriter.withBytes {
      record.writeCanonical(&$0)
    } use: {
      Array($0)
    }
  }

  /// A record as the register has it. It was checked when it came in, so that it cannot be read now is the store's fault.
  static func message(_ bytes: [UInt8], of reference: String) throws(Status) -> AmnestyWire.CaseRecord {
    do throws(Status) {
      return try AmnestyWire.CaseRecord.decode(ByteBuffer(bytes: bytes))
    } catch {
      throw Status(
        .dataLoss, reason: ErrorReason.internal,
        "The record of case \(reference) cannot be read in the register. Run amnestyctl check, and restore a backup if it confirms this.")
    }
  }
}

/// A day that a caller gave; it has the shape of one.
func day(_ text: String?, at field: String) throws(Status) -> Day? {
  guard let text else { return nil }
  guard let day = Day(text) else { throw .invalidField([FieldViolation(field: field, description: "is a day that does not exist")]) }
  return day
}
