// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import ArgumentParser

/// The languages in which an act speaks.
package enum Language: String, ExpressibleByArgument, CaseIterable, Sendable {
  case kk, ru, en
}

package struct LanguageOptions: ParsableArguments {
  @Option(help: "The language of texts: kk, ru or en.")
  package var lang = Language.en

  package init() {}
}

extension LocalizedText {
  package func text(in language: Language) -> String {
    switch language {
    case .kk: self.kk
    case .ru: self.ru
    case .en: self.en
    }
  }
}
