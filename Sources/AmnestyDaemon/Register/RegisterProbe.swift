// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Systemd

/// The store, for the watchdog: a read and a turn of the writer. Any answer is life, an error of a full disk too.
struct RegisterProbe: WatchdogProbe {
  let register: any CaseRegister

  var name: String { "register" }

  func probe() async {
    _ = try? await register.read { reading throws(RegisterError) in try reading.lastChange() }
    try? await register.flushNotes()
  }
}
