// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyCommands
internal import AmnestyTexts
internal import Foundation
internal import Testing

@Suite("PDF printer") struct PDFPrinterTests {
  /// A folder for `PATH` in which `chromium` is this script, and a place for the PDF.
  private static func withRenderer(_ script: String, _ body: (_ path: String, _ pdf: URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "printer-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appending(path: "chromium")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path())
    try await body(folder.path(), folder.appending(path: "out.pdf"))
  }

  /// Stands for a browser: it copies the page behind the head of a PDF.
  private static let copying = """
    for argument; do case $argument in --print-to-pdf=*) pdf=${argument#--print-to-pdf=} ;; file://*) page=${argument#file://} ;; esac; done
    { printf '%%PDF-'; cat "$page"; } > "$pdf"
    """

  @Test("The page is given to the browser, and what it prints is put in place") func prints() async throws {
    try await Self.withRenderer(Self.copying) { path, pdf in
      try await PDFPrinter(environment: ["PATH": "/nowhere:\(path)"]).print("<p>Әріп</p>", to: pdf.path())
      #expect(try String(contentsOf: pdf, encoding: .utf8) == "%PDF-<p>Әріп</p>")
    }
  }

  @Test("Without a browser it says what to install") func noBrowser() throws {
    let error = #expect(throws: InputError.self) { try PDFPrinter(environment: ["PATH": "/nowhere"]) }
    #expect(error?.message.contains("apt-get install chromium") == true)
    #expect(error?.message(in: .ru).hasPrefix("в PATH нет chromium") == true)
    #expect(error?.message(in: .kk).hasPrefix("PATH ішінде PDF басып шығаратын chromium жоқ") == true)
  }

  @Test(
    "A browser that fails is told of, and leaves what was there",
    arguments: ["echo broken >&2; exit 3", "exit 0", "kill -9 $$", Self.copying + "; exit 1"])
  func failing(_ script: String) async throws {
    try await Self.withRenderer(script) { path, pdf in
      try Data("old".utf8).write(to: pdf)
      let printer = try PDFPrinter(environment: ["PATH": path])
      let error = await #expect(throws: InputError.self) { try await printer.print("", to: pdf.path()) }
      #expect(error?.message.contains("without a whole PDF") == true)
      #expect(error?.message(in: .ru).contains("целого PDF нет") == true)
      #expect(error?.message(in: .kk).contains("бүтін PDF жоқ") == true)
      #expect(try String(contentsOf: pdf, encoding: .utf8) == "old")
    }
  }

  @Test("A browser that hangs is ended") func hanging() async throws {
    try await Self.withRenderer("exec cat /dev/zero > /dev/null") { path, pdf in
      let printer = try PDFPrinter(environment: ["PATH": path], limit: .milliseconds(50))
      let error = await #expect(throws: InputError.self) { try await printer.print("", to: pdf.path()) }
      #expect(error?.message.hasSuffix("did not finish in 0.1 s") == true)
      #expect(error?.message(in: .ru).hasSuffix("не закончил за отведённое время, секунд: 0,1") == true)
    }
  }

  @Test("A folder that is not there is named") func noFolder() async throws {
    try await Self.withRenderer(Self.copying) { path, _ in
      let printer = try PDFPrinter(environment: ["PATH": path])
      let error = await #expect(throws: InputError.self) { try await printer.print("", to: "/nowhere/out.pdf") }
      #expect(error?.message.hasPrefix("/nowhere/out.pdf") == true)
      #expect(error?.message(in: .ru).hasPrefix("/nowhere/out.pdf: записать нельзя.") == true)
    }
  }
}
