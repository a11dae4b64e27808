// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Systemd
internal import Testing

@Suite("Notifications") struct NotifyTests {
  @Test("A line break in what people are told begins no assignment")
  func oneLine() {
    #expect((Notification.ready + .status("a\nREADY=0\r\nb")).text == "READY=1\nSTATUS=a READY=0 b")
    #expect(Notification.storeDescriptors(name: "a\nb").text == "FDSTORE=1\nFDNAME=a b")
  }

  /// Runs the probe against a socket of the test's own.
  private func told(_ command: String, _ body: (DatagramSocket) throws -> Void) throws -> Ended {
    let folder = try TemporaryFolder()
    let socket = try DatagramSocket(path: folder.path + "/notify")
    let probe = try Started(Probe.path, [command], environment: ["NOTIFY_SOCKET": socket.path])
    try body(socket)
    return probe.wait()
  }

  @Test("Each is told in order, by the process itself, and the barrier waits until all were taken in")
  func inOrder() throws {
    let ended = try told("notify") { socket in
      let ready = try socket.receive()
      #expect(ready.text == "READY=1\nSTATUS=one line")
      #expect((ready.pid ?? 0) > 0)
      let reloading = try socket.receive().text.split(separator: "\n")
      #expect(reloading.first == "RELOADING=1")
      let time = try #require(reloading.last?.wholeMatch(of: /MONOTONIC_USEC=([0-9]+)/)).1
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let microseconds = UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000
      #expect((microseconds - 60_000_000...microseconds).contains(try #require(UInt64(time))))
      #expect(try socket.receive().text == "READY=1")
      #expect(try socket.receive().text == "STOPPING=1\nEXTEND_TIMEOUT_USEC=5000000")
      #expect(try socket.receive().text == "ERRNO=\(EBUSY)")
      #expect(try socket.receive().text == "WATCHDOG=1")
      let barrier = try socket.receive()
      #expect(barrier.text == "BARRIER=1")
      #expect(barrier.descriptors.count == 1)
      for descriptor in barrier.descriptors { close(descriptor) }
    }
    #expect(ended.output == "told: true\nbarrier: true\n", "\(ended.output) \(ended.errors)")
  }

  @Test("Stored descriptors travel with their name, and come back under it")
  func store() throws {
    var kept: CInt = -1
    let ended = try told("store") { socket in
      let stored = try socket.receive()
      #expect(stored.text == "FDSTORE=1\nFDNAME=state")
      kept = try #require(stored.descriptors.first)
      #expect(try socket.receive().text == "FDSTOREREMOVE=1\nFDNAME=old")
    }
    defer { close(kept) }
    #expect(ended.output == "stored: true\n")
    var word = [UInt8](repeating: 0, count: 4)
    #expect(read(kept, &word, 4) == 4 && word == Array("kept".utf8))
  }

  @Test("Where nobody listens nothing fails, and it is said that nobody was told")
  func nobody() throws {
    let ended = try run(Probe.path, ["notify"])
    #expect(ended.output == "told: false\nbarrier: false\n")
    #expect(ended.status == 0)
  }

  @Test("A socket that is gone is an error that says what was tried")
  func gone() throws {
    let ended = try run(Probe.path, ["notify"], environment: ["NOTIFY_SOCKET": "/nonexistent/notify"])
    #expect(ended.output.contains("error: cannot notify the service manager: "))
  }
}
