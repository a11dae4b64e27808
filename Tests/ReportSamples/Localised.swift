// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

extension Language {
  /// A text of the samples that stands for one of an act.
  func of(_ kk: String, _ ru: String, _ en: String) -> String {
    switch self {
    case .kk: kk
    case .ru: ru
    case .en: en
    }
  }
}
