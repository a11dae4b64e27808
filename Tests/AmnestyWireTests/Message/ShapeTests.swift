// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Testing

/// The matchers written by hand against the patterns of the schemas.
@Suite struct ShapeTests {
  private func isAccepted(_ member: String, _ value: String, in json: (String) -> String) -> Bool {
    (try? CaseRecord(json: json(#""\#(member)":"\#(value)""#))) != nil
  }

  private func offence(_ member: String, _ value: String) -> Bool {
    self.isAccepted(member, value) { #"{"reference":"SYN-1","offences":[{"id":"1",\#($0)}]}"# }
  }

  /// Whether a pattern of the schemas takes the whole text.
  private func matches(_ pattern: String, _ text: String) throws -> Bool {
    try Regex(pattern).wholeMatch(in: text) != nil
  }

  @Test(arguments: [
    "2022-01-05", "0000-00-00", "9999-99-99", "2022-1-05", "2022-01-5", "2022/01/05", "2022-01-0/", "2022-01-0:", "a022-01-05",
    "2022-01-051", "",
    "20220105", "2022-01_05", "-022-01-05", "２022-01-05", "2022-0105-", "202-201-05",
  ])
  func days(_ text: String) throws {
    #expect(try self.offence("committedFrom", text) == self.matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text))
  }

  @Test(arguments: [
    "P5Y", "P1Y3M", "P1Y3M2D", "P3M", "P10D", "P0D", "P9999Y9999M9999D", "P10000Y", "P", "5Y", "P5", "PY", "P5Y3", "P3M1Y", "P1D1M",
    "P1Y1Y",
    "P1W", "PT1H", "p5y", "P-5Y", "P1YM", "P1.5Y", "P5Y ",
  ])
  func terms(_ text: String) throws {
    #expect(
      try self.isAccepted("term", text) { #"{"reference":"SYN-1","offences":[],"sentence":{\#($0)}}"# }
        == self.matches("^P(?=[0-9])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}D)?$", text))
  }

  @Test(arguments: [
    "1", "99", "202", "999", "188-1", "188-99", "1-1", "0", "01", "1000", "188-", "188-0", "188-100", "-1", "188-1-1", "18a", "", "188_1",
    "1-01",
  ])
  func articles(_ text: String) throws {
    #expect(try self.offence("article", text) == self.matches("^[1-9][0-9]{0,2}(-[1-9][0-9]?)?$", text))
  }

  @Test(arguments: ["KZ", "RU", "kz", "K", "KAZ", "K1", "ҚЗ", "", "@Z", "Z["])
  func territories(_ text: String) throws {
    #expect(try self.offence("territory", text) == self.matches("^[A-Z]{2}$", text))
  }

  @Test(arguments: [
    "SYN-1", "a", "A.b_c/d-9", "", " ", "a b", "ж", "a:b", "a,b", "a+b", String(repeating: "a", count: 64),
    String(repeating: "a", count: 65),
  ])
  func references(_ text: String) throws {
    let isAccepted = (try? CaseRecord(json: #"{"reference":"\#(text)","offences":[]}"#)) != nil
    #expect(try isAccepted == self.matches("^[A-Za-z0-9._/-]{1,64}$", text))
  }

  @Test(arguments: ["123456789013", "000000000000", "12345678901", "1234567890123", "12345678901a", "a23456789012", "１23456789012"])
  func iins(_ text: String) throws {
    #expect(
      try self.isAccepted("iin", text) { #"{"reference":"SYN-1","offences":[],"person":{\#($0)}}"# }
        == self.matches("^[0-9]{12}$", text))
  }
}
