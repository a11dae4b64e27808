// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRegister
internal import AmnestyRules

extension ServedAct {
  /// The days in which the act is to be carried out; nil where it sets none, or is a draft.
  package var window: ActWindow? {
    if act.definition.isDraft { return nil }
    guard let from = act.definition.inForceFrom, let through = act.definition.executeThrough else { return nil }
    return ActWindow(from: from, through: through)
  }
}
