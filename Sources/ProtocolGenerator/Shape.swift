// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Matchers of the patterns that the contract uses: written by hand in `JSONToken+Shapes.swift`, so that none is interpreted at run time.
enum Shape {
  /// The matcher of a pattern; nil where there is none yet.
  static func matcher(of pattern: String) -> String? {
    switch pattern {
    case "^[A-Za-z0-9._/-]{1,64}$": "isReference"
    case "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "isDay"
    case "^P(?=[0-9])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}D)?$": "isTerm"
    case "^[1-9][0-9]{0,2}(-[1-9][0-9]?)?$": "isArticle"
    case "^[0-9]{12}$": "isTwelveDigits"
    case "^[A-Z]{2}$": "isTwoCapitals"
    case #"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$"#: "isInstant"
    default: nil
    }
  }
}
