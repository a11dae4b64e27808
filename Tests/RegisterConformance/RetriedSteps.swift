// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRegister
internal import AmnestyRules

/// Three commands on a case, each with its key: what a writer that gets killed does, and what its heir does again.
package enum RetriedSteps {
  package static let count = 3
  package static let kinds: [LinkKind] = [.register, .assign, .unassign]

  package static func perform(
    _ step: Int, of reference: String, on register: any CaseRegister
  ) async throws(RegisterError) -> CommandAnswer {
    let key = "\(reference)/\(step)"
    let request = Synthetic.request(step == 0 ? Synthetic.registrar : Synthetic.preparer, key: key, digest: Array(key.utf8))
    let command: RegisterCommand =
      switch step {
      case 0: .register(Synthetic.newCase(reference))
      case 1: .onCase(reference, .assign(to: "somebody"))
      default: .onCase(reference, .unassign(reason: nil))
      }
    return try await register.perform(command, request)
  }
}
