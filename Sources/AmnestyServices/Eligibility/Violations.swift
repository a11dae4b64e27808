// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// What is wrong with a request: all of it counted, as much of it kept as an answer lists.
struct Violations {
  private(set) var kept: [FieldViolation] = []
  private(set) var total = 0

  var isEmpty: Bool { total == 0 }

  /// - Parameter field: JSON Pointer into the request.
  mutating func add(_ field: @autoclosure () -> String, _ description: @autoclosure () -> String) {
    total += 1
    if kept.count < BadRequest.maximumListed { kept.append(FieldViolation(field: field(), description: description())) }
  }

  /// INVALID_ARGUMENT, `INVALID_FIELD`.
  var invalidField: Status { .invalidField(kept, total: total) }

  /// INVALID_ARGUMENT, `CONTRADICTORY_RECORD`.
  var contradictoryRecord: Status {
    let first = kept.first.map { "\($0.field) \($0.description)" } ?? "no violation listed"
    let more = total > 1 ? " (1 of \(total) violations)" : ""
    return Status(
      .invalidArgument, reason: ErrorReason.contradictoryRecord,
      "The record contradicts itself: \(first)\(more). Correct it at its source and send it again.",
      details: [.badRequest(BadRequest(fieldViolations: kept, violationsTotal: total))])
  }
}
