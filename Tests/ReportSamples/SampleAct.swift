// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyReports
package import AmnestyTexts

/// The act that the samples name.
package func sampleAct(_ language: Language) -> ActOnPaper {
  ActOnPaper(
    id: "kz-2022-152-vii", version: "1.0.0", digest: "sha256:5f1c2a7e90b3d4486c1f0e7d2b9a8c3e5f60718293a4b5c6d7e8f9001122aa34",
    title: language.of(
      "Рақымшылық жасау туралы (2022 жылғы қаңтар оқиғалары)", "Об амнистии (январские события 2022 года)",
      "On Amnesty (the January 2022 events)"),
    citation: language.of(
      "Қазақстан Республикасының 2022 жылғы 2 қарашадағы № 152-VII Заңы", "Закон Республики Казахстан от 2 ноября 2022 года № 152-VII",
      "Law of the Republic of Kazakhstan No. 152-VII of 2 November 2022"))
}
