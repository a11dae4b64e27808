// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// How many file descriptors the process may have, and how they are shared out.
///
/// Running out of them is not an error that can be met where it happens: libdispatch looks into `/proc` for its threads once a second, and ends the
/// process where it cannot. So some are kept free, and sockets get the rest.
struct DescriptorLimit: Equatable {
  /// For the database, its log and its readers, backups, event loops, the journal and what the runtime opens.
  static let reserved = 96
  static let least = 128

  /// What the process may have open.
  let all: Int

  /// Of these, sockets of clients.
  var sockets: Int { self.all - Self.reserved }

  init(all: Int) throws(DaemonError) {
    guard all >= Self.least else {
      throw DaemonError(
        .system,
        "the process may open \(all) files and needs \(Self.least) at least; raise LimitNOFILE= of the unit, or the hard limit (ulimit -Hn)"
      )
    }
    self.all = all
  }

  /// Raises the soft limit, which guards programs that use select(2), to the hard one.
  static func raised() throws(DaemonError) -> DescriptorLimit {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      throw DaemonError(.system, "cannot learn how many files the process may open: \(String(cString: strerror(errno)))")
    }
    let before = limit.rlim_cur
    limit.rlim_cur = limit.rlim_max
    let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    return try DescriptorLimit(all: Int(clamping: isRaised ? limit.rlim_max : before))
  }
}
