// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyServices
internal import Foundation
internal import Synchronization
internal import Testing

@Suite("Time zones") struct ZoneTests {
  @Test(
    "Offsets agree with Foundation's",
    arguments: ["Asia/Almaty", "Asia/Qyzylorda", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Africa/Casablanca", "UTC"])
  func agreesWithFoundation(name: String) throws {
    let rules = try #require(ZoneRules.system(name))
    let zone = try #require(TimeZone(identifier: name))
    // Every 7 hours or so from 1990 to 2060, so that no hour of the day is left out.
    for moment in stride(from: Int64(631_152_000), to: 2_840_140_800, by: 25_117) {
      let expected = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment))))
      guard rules.offset(at: moment) == expected else {
        Issue.record("\(name) at \(moment): \(rules.offset(at: moment)) instead of \(expected)")
        return
      }
    }
  }

  @Test(
    "A name that leads out of the database, or that nobody has, is no zone",
    arguments: ["../../../etc/passwd", "/etc/passwd", "", "Asia/Nowhere", "zone.tab"])
  func noZone(name: String) {
    #expect(ZoneRules.system(name) == nil)
  }

  @Test("A truncated or mangled file is no zone")
  func mangled() throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin")))
    for length in 0..<bytes.count - 1 { #expect(ZoneRules(tzif: Array(bytes[..<length])) == nil) }
    for index in bytes.indices {
      var mangled = bytes
      mangled[index] ^= 0xff
      // Any answer will do, as long as there is one.
      _ = ZoneRules(tzif: mangled)?.offset(at: 1_700_000_000)
    }
  }

  @Test("Today changes at the zone's own midnight, and when the clock is set back")
  func midnight() throws {
    let now = Mutex<Int64>(0)
    let today = Today(zone: try #require(ZoneRules.system("Asia/Almaty")), clock: WallClock { now.withLock { $0 } })
    // On 2022-11-03 Almaty was six hours ahead; midnight there is 18:00 UTC of the day before.
    let midnight: Int64 = 1_667_412_000
    for (moment, day) in [
      (midnight - 1, "2022-11-02"), (midnight, "2022-11-03"), (midnight + 86_399, "2022-11-03"), (midnight + 86_400, "2022-11-04"),
      (midnight - 86_400, "2022-11-02"), (0, "1970-01-01"),
    ] {
      now.withLock { $0 = moment }
      #expect(today.day.text == day)
    }
  }

  @Test("A day on which the offset changes is right at every hour of it")
  func changeOfOffset() throws {
    // On 2024-03-01 at midnight Almaty went from +06 to +05.
    let now = Mutex<Int64>(0)
    let zone = try #require(ZoneRules.system("Asia/Almaty"))
    let kept = Today(zone: zone, clock: WallClock { now.withLock { $0 } })
    for moment in stride(from: Int64(1_709_100_000), to: 1_709_400_000, by: 600) {
      now.withLock { $0 = moment }
      #expect(kept.day == Today(zone: zone, clock: WallClock { moment }).day)
    }
  }
}
