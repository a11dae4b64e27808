// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Logging
internal import Synchronization
internal import Systemd
internal import Testing

@Suite("Journal") struct JournalTests {
  private func entry(_ log: (Logger) -> Void) -> [JournalEntry.Field] {
    final class Sent: Sendable { let entries = Mutex<[JournalEntry]>([]) }
    let sent = Sent()
    log(
      Logger(label: "l") { label in
        JournalLogHandler(label: label, level: .trace, prefix: "AMNESTY", messageIDs: ["ready": "0123456789abcdef0123456789abcdef"]) {
          entry in
          sent.entries.withLock { $0.append(entry) }
        }
      })
    return sent.entries.withLock { $0.first?.fields ?? [] }
  }

  @Test("An entry has the message, its id, its priority, its place in the code, and metadata by field")
  func fields() {
    let fields = entry { $0.notice("ready", metadata: ["peer.uid": "1000", "call.id": "7", "method": "a.B/C", "graceMs": "5"]) }
    let values = Dictionary(grouping: fields, by: \.name).mapValues { $0.map(\.value) }
    #expect(values["MESSAGE"] == ["ready: call.id=7 graceMs=5 method=a.B/C peer.uid=1000"])
    #expect(values["MESSAGE_ID"] == ["0123456789abcdef0123456789abcdef"])
    #expect(values["PRIORITY"] == ["5"])
    #expect(values["CODE_FILE"]?.first?.hasSuffix("JournalTests.swift") == true)
    #expect(values["CODE_FUNC"] == ["fields()"])
    #expect(values["CODE_LINE"]?.first.flatMap { Int($0) } != nil)
    #expect(values["AMNESTY_PEER_UID"] == ["1000"])
    #expect(values["AMNESTY_CALL_ID"] == ["7"])
    #expect(values["AMNESTY_METHOD"] == ["a.B/C"])
    #expect(values["AMNESTY_GRACE_MS"] == ["5"])
  }

  @Test("A list is the same field again and again, and what is nested gets a longer name")
  func repeated() {
    let fields = entry { $0.info("x", metadata: ["case": ["SYN-1", "SYN-2"], "a": ["b": "c"]]) }
    #expect(fields.filter { $0.name == "AMNESTY_CASE" }.map(\.value) == ["SYN-1", "SYN-2"])
    #expect(fields.contains(JournalEntry.Field("AMNESTY_A_B", "c")))
    #expect(!fields.contains { $0.name == "MESSAGE_ID" })
  }

  @Test(
    "Any key becomes a name that the journal takes",
    arguments: [
      ("peer.uid", "AMNESTY_PEER_UID"), ("requestWindow", "AMNESTY_REQUEST_WINDOW"), ("é =\n", "AMNESTY______"),
      (String(repeating: "k", count: 100), "AMNESTY_" + String(repeating: "K", count: 56)),
    ])
  func names(key: String, name: String) { #expect(JournalEntry.fieldName(prefix: "AMNESTY", key) == name) }

  @Test("Levels are the priorities of syslog")
  func priorities() { #expect(Logger.Level.allCases.map(\.priority) == [7, 7, 6, 5, 4, 3, 2]) }

  @Test("Standard error leads to the journal only where device and inode say so")
  func stream() throws {
    var status = stat()
    try #require(fstat(STDERR_FILENO, &status) == 0)
    func isJournal(_ text: String?) -> Bool {
      JournalStream.isJournal(STDERR_FILENO, environment: text.map { ["JOURNAL_STREAM": $0] } ?? [:])
    }
    #expect(isJournal("\(status.st_dev):\(status.st_ino)"))
    #expect(!isJournal("\(status.st_dev):\(status.st_ino + 1)"))
    #expect(!isJournal("\(status.st_dev + 1):\(status.st_ino)"))
    for text in [nil, "", "1", ":", "a:b", "1:2:3"] { #expect(!isJournal(text)) }
    #expect(!JournalStream.isJournal(-1, environment: ["JOURNAL_STREAM": "1:2"]))
  }

  /// A mount namespace in which the journal's socket is the test's own.
  @Test("An entry reaches the journal's socket", .enabled(if: Namespaces.arePermitted))
  func delivered() throws {
    let folder = try TemporaryFolder()
    let socket = try DatagramSocket(path: folder.path + "/journal")
    let script = """
      mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && : > /run/systemd/journal/socket \
        && mount --bind \(socket.path) /run/systemd/journal/socket && exec \(Probe.path) journal
      """
    let ended = try run("unshare", (geteuid() == 0 ? [] : ["-r"]) + ["-m", "sh", "-c", script])
    #expect(ended.status == 0, "\(ended.errors)")
    let text = try socket.receive().text
    for line in [
      "PRIORITY=4", "MESSAGE_ID=0123456789abcdef0123456789abcdef", "AMNESTY_PEER_UID=1000", "AMNESTY_CASE=SYN-1", "AMNESTY_CASE=SYN-2",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
    #expect(text.contains("CODE_FILE=") && text.contains("SystemdProbe/main.swift"))
    #expect(!text.contains("CODE_FILE=./"))
  }
}
