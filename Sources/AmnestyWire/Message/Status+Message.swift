// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// A status as an object of a message: why one item of a stream has no answer.

extension Status {
  static var placeholder: Status { Status(.unknown, "") }

  static func read(_ reader: inout JSONReader) throws(JSONError) -> Status {
    var status = Status.placeholder
    var names = JSONNameSet()
    guard try reader.enterObject() == .nonEmpty else { return status }
    repeat {
      let key = try reader.readKey()
      try names.insert(key)
      if key.equals("code") {
        status.code = StatusCode(name: try reader.readString())
      } else if key.equals("message") {
        status.message = try reader.readString()
      } else if key.equals("details") {
        status.details = try StatusDetail.readList(&reader)
      } else {
        try reader.skipValue()
      }
    } while try reader.nextMember()
    return status
  }

  func write(_ writer: inout JSONWriter) {
    let start = writer.position
    self.writeMembers(to: &writer)
    writer.closeObject(since: start)
  }
}
