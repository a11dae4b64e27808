// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyCommands
internal import Foundation
internal import Testing

@Suite final class ActFilesTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "act-files-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  @Test func anActIsReadWithItsExamplesAndAllThatItExtends() async throws {
    try write("third.yaml", "extends: 'second' # a remark\nact: {}\n")
    try write("third.examples.csv", "example\n")
    try write("second.yaml", "# first line\nextends: first\n")
    try write("first.yaml", "act: {}\n")
    var files = ActFiles(act: path("third.yaml"))
    let request = try await files.read()
    #expect(request.source.hasPrefix("extends: 'second'") && request.examples == "example\n" && request.fileName == path("third.yaml"))
    #expect(request.bases?.map(\.fileName) == ["second.yaml", "first.yaml"])
    #expect(files.stamps.count == 4)
  }

  @Test func whatIsNotThereIsLeftToTheDaemonToTell() async throws {
    try write("alone.yaml", "extends: nowhere\n")
    var files = ActFiles(act: path("alone.yaml"))
    let request = try await files.read()
    #expect(request.examples == nil && request.bases == nil)
    // They are waited for.
    #expect(Set(files.stamps.keys) == [path("alone.yaml"), path("alone.examples.csv"), path("nowhere.yaml")])
    await #expect(throws: InputError.self) {
      var missing = ActFiles(act: self.path("none.yaml"))
      _ = try await missing.read()
    }
  }

  @Test(arguments: [
    ("extends: base\n", "base"), ("act: {}\nextends: \"base\"\r\n", "base"), ("extends: base # why\n", "base"), ("  extends: base\n", nil),
    ("# extends: base\n", nil), ("extends:\n", nil), ("", nil),
  ]) func theNameAfterExtendsIsFound(_ source: String, _ name: String?) {
    #expect(ActFiles.extended(by: source) == name)
  }

  @Test func aChangeOfAnyOfTheFilesIsSeen() async throws {
    for name in ["a.yaml", "a.examples.csv", "b.yaml"] { try write(name, "extends: b\n") }
    for changed in ["a.yaml", "a.examples.csv", "b.yaml"] {
      var files = ActFiles(act: path("a.yaml"))
      _ = try await files.read()
      let target = folder.appending(path: changed)
      var pauses = 0
      let watch = FileWatch {
        pauses += 1
        // Nothing happens in the first second.
        if pauses == 2 { try Data("extends: b\n# changed \(changed)\n".utf8).write(to: target, options: .atomic) }
      }
      #expect(try await watch.change(since: files.stamps) == path(changed))
      #expect(pauses == 2)
    }
  }

  @Test func aFileThatComesOrGoesIsAChange() async throws {
    try write("a.yaml", "act: {}\n")
    var files = ActFiles(act: path("a.yaml"))
    _ = try await files.read()
    let still = FileWatch { throw CancellationError() }
    await #expect(throws: CancellationError.self) { try await still.change(since: files.stamps) }
    try write("a.examples.csv", "example\n")
    #expect(try await still.change(since: files.stamps) == path("a.examples.csv"))
    try FileManager.default.removeItem(at: folder.appending(path: "a.examples.csv"))
    try FileManager.default.removeItem(at: folder.appending(path: "a.yaml"))
    #expect(try await still.change(since: files.stamps) == path("a.yaml"))
  }
}
