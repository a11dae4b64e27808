// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyWire

// The example of clients/swift/README.md, word for word.
// begin
func outcomes(of records: [CaseRecord], at socket: String) async throws -> [String: String] {
  try await AmnestyClient.withConnection(to: .unix(path: socket)) { client in
    var outcomes: [String: String] = [:]
    for record in records {
      let answer = try await client.eligibility.assess(AssessRequest(record: record))
      outcomes[record.reference] = answer.assessment.outcome.word
    }
    return outcomes
  }
}
// end
