// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import ArgumentParser

/// Where a page goes: a file of HTML, one of PDF, or both; HTML on standard output where neither is named.
package struct PageTarget: ParsableArguments {
  @Option(help: ArgumentHelp("Write the page as HTML.", valueName: "file"), completion: .file())
  package var html: String?

  @Option(help: ArgumentHelp("Print the page as PDF, by a Chromium of this host.", valueName: "file"), completion: .file())
  package var pdf: String?

  package init() {}

  /// - Parameter mode: of the HTML file; a letter is for its owner alone.
  package func write(_ page: String, mode: UInt32) async throws {
    if let html { try AtomicFile.write(page, to: html, mode: mode) }
    if let pdf { try await PDFPrinter().print(page, to: pdf) }
    guard html == nil, pdf == nil else { return }
    var output = StandardOutput()
    try output.write(page)
    try output.flush()
  }
}
