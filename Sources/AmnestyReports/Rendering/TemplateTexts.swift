// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Mustache

/// The catalog as templates see it: `{{text.reportTitle}}`.
struct TemplateTexts: MustacheParent {
  var language: Language

  func child(named key: String) -> Any? { Text.named(key, self.language) }
}
