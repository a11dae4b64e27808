// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The limits that the protocol itself sets.
package enum WireLimits {
  /// A frame's length must be below 2^24, so that its first byte is 0.
  package static let largestFrame = (1 << 24) - 1
  package static let defaultMaxFrame = 4 << 20
  /// The least that a hello may offer as `maxFrame`: room for the error that says an answer is too large.
  package static let leastMaxFrame = 512
  package static let headBytes = 16 << 10
  package static let lengthBytes = 4
  /// A longer frame is looked at as soon as its head is here.
  package static let smallFrame = 64 << 10
  /// Ids and counts are integers that every JSON implementation holds exactly.
  package static let largestInteger: Int64 = (1 << 53) - 1
  package static let detailBytes = 12 << 10
  package static let metadataEntries = 64
  package static let actorCharacters = 128
  /// What each stream of requests may send before the first credit, in bytes of item bodies.
  package static let requestWindow: Int64 = 256 << 10
  package static let version: Int64 = 1
}
