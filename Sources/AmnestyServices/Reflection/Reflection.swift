// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// `amnesty.reflection.v1.Reflection`: the contract, as it was generated into the program.
package struct Reflection: ReflectionServiceProvider {
  package init() {}

  package func listServices(_ request: ListServicesRequest, context: CallContext) throws(Status) -> ListServicesResponse {
    ListServicesResponse(services: ContractDescription.services)
  }

  package func describe(_ request: DescribeRequest, context: CallContext) throws(Status) -> DescribeResponse {
    guard let method = ContractDescription.method(request.method) else { throw .unimplemented(method: request.method) }
    return DescribeResponse(method: method)
  }
}
