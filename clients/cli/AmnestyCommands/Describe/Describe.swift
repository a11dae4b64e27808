// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl describe`: what the daemon can be asked.
package struct Describe: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "List the services and methods, or describe one method: its role, its errors and the schemas of its messages."
  )

  @Argument(help: ArgumentHelp("Such as amnesty.v1.EligibilityService/Assess; all if not said.", valueName: "method"))
  package var method: String?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    if let method = self.method {
      let answer = try await client.reflection.describe(DescribeRequest(method: method), options: options)
      try Output.render(MethodPage(answer: answer), as: self.output.output)
    } else {
      let answer = try await client.reflection.listServices(ListServicesRequest(), options: options)
      try Output.render(ServiceListing(answer: answer), as: self.output.output)
    }
  }
}

struct ServiceListing: Renderable {
  var answer: ListServicesResponse

  func table(on terminal: Terminal) -> [String] {
    self.answer.services.flatMap { service in
      ["\(Style.bold.apply(service.name, on: terminal))  \(service.doc)"] + service.methods.map { "  \($0)" }
    }
  }

  func values() -> [String] { [json(self.answer)] }
}

struct MethodPage: Renderable {
  var answer: DescribeResponse

  func table(on terminal: Terminal) -> [String] {
    let method = self.answer.method
    return [
      Style.bold.apply(method.name, on: terminal),
      method.doc,
      "kind: \(method.kind.word)   idempotency: \(method.idempotency.word)   role: \(method.role ?? "any identified peer")",
      "errors: \(method.errorReasons.joined(separator: ", "))",
      "",
      Style.bold.apply("request", on: terminal),
      PrettyJSON.indent(method.requestSchema.text),
      "",
      Style.bold.apply("response", on: terminal),
      PrettyJSON.indent(method.responseSchema.text),
    ]
  }

  func values() -> [String] { [json(self.answer)] }
}
