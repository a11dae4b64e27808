// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The ids under which the journal's catalog explains what the daemon logs, by the message's text.
///
/// An id says what has happened, for good: it is never given to another message.
package enum MessageIDs {
  package static let all: [String: String] = [
    "ready": "d74289b72da2410eb6666a51180660df",
    "draining": "5d3f155f55d74f9c9a5684dea41f1a68",
    "stopped": "9d975291f5b94459bc41dec3bd84030e",
    "acts loaded": "dd651c57962e4b78ab55efa778bfd93f",
    "reloaded": "422c45752fb64074b767755bef4b985d",
    "reload refused, what was in force stays": "e896ce18d7a9425e8ae4b4494e26282f",
    "refused a peer that the kernel does not identify": "04d67e12ad80441b828a08ca99b94ad5",
    "refused a connection above a limit": "1b849c315e474b73b352da23ebb11bfb",
    "refused a call for want of a role": "6934a2cb67fd41349f771e4860d5d2d9",
    "no progress, the watchdog is told nothing": "c709648579bb460da0db1030448bb91f",
    "the register begins empty beside traces of an earlier one": "71cd0115c0bf4080b434b4d2bf08ee22",
    "clocks are over": "02d8e4610ad5485cb0f8c645d99c44d5",
    "a call was slow": "aa658e07b1334b3fa39457b963c3b3f6",
    "closed a connection for a protocol error": "c4cb1c3edb514248bcca2b1e71662ac4",
  ]
}
