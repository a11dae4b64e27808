// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyDaemon
internal import Foundation
internal import Testing

@Suite("Message catalog") struct CatalogTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("Every id has an entry in each language, and every entry an id", arguments: ["", ".ru", ".kk"])
  func entries(language: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: "systemd/amnestyd\(language).catalog"), encoding: .utf8)
    let heads = text.split(separator: "\n").filter { $0.hasPrefix("-- ") }.map { $0.split(separator: " ").dropFirst().map(String.init) }
    #expect(Set(heads.map { $0[0] }) == Set(MessageIDs.all.values))
    #expect(heads.count == MessageIDs.all.count)
    // The language is that of the file's name; saying it again would be complained of at every installation.
    #expect(heads.allSatisfy { $0.count == 1 })
  }

  @Test("Every message that has an id is logged somewhere")
  func messages() throws {
    var sources = ""
    let files = FileManager.default.enumerator(at: Self.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift", file.lastPathComponent != "MessageIDs.swift" else { continue }
      sources += try String(contentsOf: file, encoding: .utf8)
    }
    for message in MessageIDs.all.keys { #expect(sources.contains("\"\(message)\""), "\(message)") }
    #expect(Set(MessageIDs.all.values).count == MessageIDs.all.count)
  }
}
