// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The languages in which people are spoken to.
package enum Language: String, CaseIterable, Sendable {
  case kk, ru, en
}
