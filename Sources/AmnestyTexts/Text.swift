// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Every text that a person sees and no act or record holds, by key: `Text.reportTitle(.kk)`.
///
/// The functions are generated from `Catalog/*.json`.
package enum Text {}

/// What the words of the contract are called, by the name of their type: `Words.gravity("grave", .ru)`; nil for a word it does not know.
package enum Words {}
