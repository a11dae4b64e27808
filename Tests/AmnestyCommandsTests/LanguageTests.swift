// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyCommands
internal import AmnestyTexts
internal import ArgumentParser
internal import Testing

@Suite("Language") struct LanguageTests {
  @Test(
    "It is that of the user, and English where it is none of ours",
    arguments: [
      (["LANG": "kk_KZ.UTF-8"], Language.kk), (["LANG": "ru_RU.UTF-8"], .ru), (["LANG": "ru"], .ru), (["LANG": "en_US"], .en), ([:], .en),
      (["LANG": "C.UTF-8"], .en), (["LANG": "de_DE"], .en), (["LANG": "ru_RU", "LC_ALL": "kk_KZ"], .kk),
      (["LANG": "ru_RU", "LC_MESSAGES": "kk"], .kk), (["LANG": "ru_RU", "LC_ALL": ""], .ru),
    ])
  func ofUser(_ environment: [String: String], _ language: Language) {
    #expect(Language.ofUser(environment: environment) == language)
  }

  @Test("The option comes before the environment") func option() throws {
    #expect(try LanguageOptions.parse(["--lang", "kk"]).chosen == .kk)
  }
}
