// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser
internal import Foundation

extension Language: ExpressibleByArgument {}

extension Language {
  /// That of the user, as `LC_ALL`, `LC_MESSAGES` or `LANG` says; English where that is none of ours.
  package static func ofUser(environment: [String: String] = ProcessInfo.processInfo.environment) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return Language(rawValue: String(locale.prefix { $0 != "_" && $0 != "." && $0 != "@" })) ?? .en
  }
}

package struct LanguageOptions: ParsableArguments {
  @Option(help: "The language of texts: kk, ru or en; that of $LANG if not said.")
  package var lang: Language?

  package init() {}

  package var chosen: Language { self.lang ?? Language.ofUser() }
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
