// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// The case as a record of the data contract, member by member in the contract's order. Unknown facts are left out where a file
/// would leave them out, and null where a form has a field for them.
extension SyntheticCase {
  package func write(_ writer: inout JSONWriter) {
    let start = writer.position
    writer.raw(",\"reference\":")
    writer.string(reference)
    writePerson(&writer)
    writer.raw(",\"stage\":")
    writer.string(stage.rawValue)
    writer.raw(",\"recidivism\":")
    writer.optional(recidivism)
    writer.raw(",\"objectsToTermination\":")
    writer.optional(objectsToTermination)
    writer.raw(",\"offences\":")
    let list = writer.position
    for (index, offence) in offences.enumerated() {
      writer.comma()
      offence.write(&writer, id: repeatsAnId ? "1" : String(index + 1))
    }
    writer.closeArray(since: list)
    if let sentence {
      writer.raw(",\"sentence\":")
      sentence.write(&writer)
    }
    writer.raw(",\"detained\":")
    writer.optional(detained)
    writer.raw(",\"unknowable\":")
    writer.strings(unknowable)
    writer.raw(",\"disputed\":")
    writer.strings(disputed)
    writer.closeObject(since: start)
  }

  private func writePerson(_ writer: inout JSONWriter) {
    writer.raw(",\"person\":")
    let start = writer.position
    writer.raw(",\"iin\":")
    writer.optional(iin)
    writer.raw(",\"familyName\":")
    writer.string(name.family)
    writer.raw(",\"givenName\":")
    writer.string(name.given)
    writer.raw(",\"patronymic\":")
    writer.optional(name.patronymic)
    writer.raw(",\"bornOn\":")
    writer.optional(bornOn?.text)
    writer.closeObject(since: start)
  }
}

extension SyntheticCase.Offence {
  fileprivate func write(_ writer: inout JSONWriter, id: String) {
    let start = writer.position
    writer.raw(",\"id\":")
    writer.string(id)
    writer.raw(",\"article\":")
    writer.string(charge.article)
    if let part = charge.part {
      writer.raw(",\"part\":")
      writer.integer(Int64(part))
    }
    writer.raw(",\"gravity\":")
    writer.optional(gravity?.rawValue)
    writer.raw(",\"committedFrom\":")
    writer.optional(from?.text)
    writer.raw(",\"committedThrough\":")
    writer.optional(through?.text)
    writer.raw(",\"territory\":")
    writer.optional(territory)
    writer.raw(",\"nexus\":")
    writer.optional(nexus)
    writer.raw(",\"classes\":")
    if let classes { writer.strings(classes) } else { writer.null() }
    if let penalty {
      writer.raw(",\"sentence\":")
      let inner = writer.position
      writer.raw(",\"kind\":")
      writer.string(penalty.rawValue)
      if let months {
        writer.raw(",\"term\":")
        writer.term(months)
      }
      writer.closeObject(since: inner)
    }
    writer.closeObject(since: start)
  }
}

extension SyntheticCase.Sentence {
  fileprivate func write(_ writer: inout JSONWriter) {
    let start = writer.position
    writer.raw(",\"imposedOn\":")
    writer.optional(imposedOnText ?? imposedOn?.text)
    writer.raw(",\"kind\":")
    writer.string(penalty.rawValue)
    if let months {
      writer.raw(",\"term\":")
      writer.term(months)
    }
    writer.raw(",\"startsOn\":")
    writer.optional(startsOn?.text)
    writer.raw(",\"creditDays\":")
    if let creditDays { writer.integer(Int64(creditDays)) } else { writer.null() }
    writer.raw(",\"aggregation\":")
    writer.string(aggregation.rawValue)
    if let finalOn {
      writer.raw(",\"finalOn\":")
      writer.string(finalOn.text)
    }
    writer.raw(",\"servedOn\":")
    writer.optional(servedOn?.text)
    writer.closeObject(since: start)
  }
}

extension JSONWriter {
  fileprivate mutating func optional(_ text: String?) {
    if let text { string(text) } else { null() }
  }

  fileprivate mutating func optional(_ value: Bool?) {
    if let value { bool(value) } else { null() }
  }

  fileprivate mutating func strings(_ texts: [String]) {
    let start = position
    for text in texts {
      comma()
      string(text)
    }
    closeArray(since: start)
  }

  /// Whole years and months as an ISO 8601 duration.
  fileprivate mutating func term(_ months: Int) {
    raw("\"P")
    if months >= 12 {
      integer(Int64(months / 12))
      byte(UInt8(ascii: "Y"))
    }
    if months % 12 != 0 {
      integer(Int64(months % 12))
      byte(UInt8(ascii: "M"))
    }
    if months == 0 { raw("0D") }
    byte(UInt8(ascii: "\""))
  }
}
