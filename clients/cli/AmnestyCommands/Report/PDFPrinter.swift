// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Foundation
internal import Glibc

/// Prints a page to PDF by a browser of the host, which knows how to lay out the page that it would show.
package struct PDFPrinter: Sendable {
  /// What browsers of the Chromium family are called, in the order in which they are tried.
  package static let renderers = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]

  private let renderer: String
  private let limit: Duration

  /// - Throws: ``InputError`` where `PATH` has none of them.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment, limit: Duration = .seconds(60)) throws(InputError) {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let candidates = Self.renderers.flatMap { name in folders.map { "\($0)/\(name)" } }
    guard let renderer = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw InputError(exitCode: EX_UNAVAILABLE) { Text.pdfNoBrowser($0, browser: Self.renderers[0]) }
    }
    self.renderer = renderer
    self.limit = limit
  }

  /// Writes the page as PDF; what was at `path` stays until the new file is whole.
  package func print(_ html: String, to path: String) async throws {
    // Only this user reads it: a letter holds personal data.
    let folder = FileManager.default.temporaryDirectory.appending(path: "amnestyctl-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "page.html")
    let pdf = folder.appending(path: "page.pdf")
    let log = folder.appending(path: "log")
    try Data(html.utf8).write(to: page)
    _ = FileManager.default.createFile(atPath: log.path(), contents: nil)

    let process = Process()
    process.executableURL = URL(filePath: self.renderer)
    process.arguments =
      [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
        "--user-data-dir=\(folder.appending(path: "profile").path())",
      ]
      // Root has no sandbox to run it in; the page is our own and runs no script.
      + (geteuid() == 0 ? ["--no-sandbox"] : [])
      + ["--no-pdf-header-footer", "--print-to-pdf=\(pdf.path())", page.absoluteString]
    process.standardInput = FileHandle.nullDevice
    let handle = try FileHandle(forWritingTo: log)
    process.standardOutput = handle
    process.standardError = handle
    let isInTime = try await self.run(process)

    guard isInTime, process.terminationStatus == 0, let bytes = try? Data(contentsOf: pdf), bytes.starts(with: Data("%PDF-".utf8)) else {
      let said = (try? String(contentsOf: log, encoding: .utf8))?.split(separator: "\n").last.map { ": \($0)" } ?? ""
      let browser = self.renderer
      guard isInTime else {
        // It has no status to ask for: it may not be dead yet.
        let limit = self.limit / .seconds(1)
        throw InputError(exitCode: EX_SOFTWARE) { Text.pdfTooSlow($0, browser: browser, seconds: limit.brief(in: $0)) + said }
      }
      let status = process.terminationStatus
      throw InputError(exitCode: EX_SOFTWARE) { Text.pdfFailed($0, browser: browser, status: "\(status)") + said }
    }
    do {
      try bytes.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw InputError(exitCode: EX_CANTCREAT) { Text.pdfNotWritten($0, path: path) }
    }
  }

  /// Whether it ended by itself in time.
  private func run(_ process: Process) async throws -> Bool {
    let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
    process.terminationHandler = { _ in continuation.finish() }
    do {
      try process.run()
    } catch {
      let (browser, why) = (self.renderer, "\(error)")
      throw InputError(exitCode: EX_UNAVAILABLE) { Text.pdfCannotRun($0, browser: browser, why: why) }
    }
    let limit = self.limit
    return await withTaskGroup { group in
      group.addTask { for await _ in ended {} }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
      // Not which of the two was first: on a busy machine both are heard of late.
      let isInTime = !process.isRunning
      if !isInTime { kill(process.processIdentifier, SIGKILL) }
      return isInTime
    }
  }
}
