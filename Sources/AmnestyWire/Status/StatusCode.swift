// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// One of the 17 canonical codes of gRPC; on the wire it is its name.
///
/// An open type: a name that this version does not know reads as ``unknown``.
public struct StatusCode: Sendable, Hashable {
  /// The number that gRPC gives the code.
  public let number: Int

  private init(_ number: Int) {
    self.number = number
  }

  public static let ok = StatusCode(0)
  public static let cancelled = StatusCode(1)
  public static let unknown = StatusCode(2)
  public static let invalidArgument = StatusCode(3)
  public static let deadlineExceeded = StatusCode(4)
  public static let notFound = StatusCode(5)
  public static let alreadyExists = StatusCode(6)
  public static let permissionDenied = StatusCode(7)
  public static let resourceExhausted = StatusCode(8)
  public static let failedPrecondition = StatusCode(9)
  public static let aborted = StatusCode(10)
  public static let outOfRange = StatusCode(11)
  public static let unimplemented = StatusCode(12)
  public static let `internal` = StatusCode(13)
  public static let unavailable = StatusCode(14)
  public static let dataLoss = StatusCode(15)
  public static let unauthenticated = StatusCode(16)

  /// All codes, each at the index that is its number.
  public static let all: [StatusCode] = (0..<names.count).map { StatusCode($0) }

  /// The canonical name, such as `NOT_FOUND`.
  public var name: String { Self.names[number] }

  /// The code of a canonical name; ``unknown`` for a name that is not one.
  public init(name: String) {
    self.number = Self.names.firstIndex(of: name) ?? 2
  }

  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
    "UNAUTHENTICATED",
  ]
}

extension StatusCode: CustomStringConvertible {
  public var description: String { name }
}
