// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules
internal import Glibc
internal import Synchronization

/// The wall clock that answers are dated by: whole seconds since 1970, UTC.
package struct WallClock: Sendable {
  package var now: @Sendable () -> Int64

  package init(now: @escaping @Sendable () -> Int64) { self.now = now }

  package static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }
}

/// What day it is in one time zone. The answer is kept until that zone's next midnight.
package final class Today: Sendable {
  private let zone: ZoneRules
  private let clock: WallClock
  private let kept = Mutex(Kept())

  private struct Kept {
    var day = Day(number: 0)
    var from = Int64.max
    var until = Int64.min
  }

  package init(zone: ZoneRules, clock: WallClock) {
    self.zone = zone
    self.clock = clock
  }

  package var day: Day {
    let now = clock.now()
    return kept.withLock { kept in
      // A clock that was set back makes the kept day wrong too.
      if now >= kept.from, now < kept.until { return kept.day }
      let offset = zone.offset(at: now)
      let day = (now + offset).floored(by: 86_400)
      kept.day = Day(number: Int32(clamping: day))
      kept.from = now
      let midnight = (day + 1) * 86_400 - offset
      // On a day that changes its offset the midnight is not where it seems: ask again next time.
      kept.until = zone.offset(at: midnight) == offset ? midnight : now
      return kept.day
    }
  }
}
