// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyTexts
internal import AmnestyWire

// A text of the catalog in all its languages.

extension AmnestyRules.LocalizedText {
  init(_ text: (Language) -> String) { self.init(kk: text(.kk), ru: text(.ru), en: text(.en)) }
}

extension AmnestyWire.LocalizedText {
  init(_ text: (Language) -> String) { self.init(en: text(.en), ru: text(.ru), kk: text(.kk)) }
}
