// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Where a daemon is reached.
public struct Endpoint: Sendable, CustomStringConvertible {
  enum Place: Sendable {
    case unix(path: String)
    case inProcess(@Sendable (CInt) throws -> Void)
  }

  let place: Place

  /// A Unix stream socket of this host.
  public static func unix(path: String) -> Endpoint {
    Endpoint(place: .unix(path: path))
  }

  /// A server in this process, over a socket pair: the same bytes as over a path, without one.
  ///
  /// - Parameter accept: called for every connection with the server's end, a connected Unix stream socket, which it then owns; must not wait.
  public static func inProcess(_ accept: @escaping @Sendable (_ socket: CInt) throws -> Void) -> Endpoint {
    Endpoint(place: .inProcess(accept))
  }

  public var description: String {
    switch self.place {
    case .unix(let path): path
    case .inProcess: "in process"
    }
  }
}
