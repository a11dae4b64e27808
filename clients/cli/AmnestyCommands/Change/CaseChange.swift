// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient

/// A command on one case, whose answer is the case after it.
package protocol CaseChange: ClientCommand {
  var change: ChangeOptions { get }
  var output: OutputOptions { get }
  func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse
}

extension CaseChange {
  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await self.change.perform { key async throws(Status) in
      try await self.send(client, key: key, options: options)
    }
    try Output.render(CaseReceipt(answer: answer), as: self.output.output)
  }
}
