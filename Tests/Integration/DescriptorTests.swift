// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Testing

/// A daemon that may open few files serves fewer connections, and says so. More connections than files: `make torture TORTURE=descriptors`.
struct DescriptorTests {
  @Test func fewDescriptorsAreSharedOut() throws {
    let daemon = try RunningDaemon(descriptors: 160)
    #expect(try daemon.control("case", "summary").status == 0)
    #expect(try daemon.control("backup", "create").status == 0)
    daemon.signal(SIGTERM)
    #expect(daemon.waitForExit() == 0)
    #expect(daemon.allSaid.contains("fewer connections than configured"))
  }

  @Test func tooFewDescriptorsAreRefusedAtTheStart() throws {
    let refused = try run(
      "/usr/bin/prlimit", ["--nofile=127:127", Checkout.program("amnestyd").path, "--socket", "unused.sock", "--state-directory", "unused"])
    #expect(refused.status == EX_OSERR)
    #expect(refused.errors.contains("may open 127 files and needs 128 at least; raise LimitNOFILE="), "\(refused.errors)")
  }
}
