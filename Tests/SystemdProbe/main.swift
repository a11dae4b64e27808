// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import Logging
internal import Systemd

// A program that uses each part of Systemd in a process of its own, where a test can set the environment and hand over descriptors.

/// Every descriptor that was handed over, as `name number listening|other`.
func listen() throws {
  for inherited in try InheritedDescriptors.all() {
    print(inherited.name, inherited.descriptor, inherited.isListeningUnixStream ? "listening" : "other")
  }
}

/// Everything that can be told, in order; then waits until it was taken in.
func tell() throws {
  let manager = ServiceManager()
  print("told:", try manager.notify(.ready + .status("one\nline")))
  try manager.notify(.reloading(monotonicMicroseconds: ServiceManager.monotonicMicroseconds))
  try manager.notify(.ready)
  try manager.notify(.stopping + .extendTimeout(microseconds: 5_000_000))
  try manager.notify(.failure(errno: EBUSY))
  try manager.notify(.watchdog)
  print("barrier:", try manager.barrier(timeout: .seconds(10)))
}

/// Stores the reading end of a pipe that holds a word, and removes another.
func store() throws {
  var ends: [CInt] = [-1, -1]
  guard pipe(&ends) == 0 else { throw SystemdError("make a pipe", code: errno) }
  _ = "kept".withCString { write(ends[1], $0, 4) }
  let manager = ServiceManager()
  print("stored:", try manager.store([ends[0]], name: "state"))
  try manager.removeStored(name: "old")
}

/// A service whose count of starts outlives it, in a file that its manager keeps.
func serve() throws {
  let inherited = try InheritedDescriptors.all()
  let file: CInt
  if let kept = inherited.first(where: { $0.name == "state" }) {
    file = kept.descriptor
  } else {
    var template = Array("/tmp/systemd-probe.XXXXXX".utf8CString)
    file = mkstemp(&template)
    guard file >= 0 else { throw SystemdError("make a file", code: errno) }
    unlink(template)
    try ServiceManager().store([file], name: "state")
  }
  var count: UInt8 = 0
  pread(file, &count, 1, 0)
  count += 1
  pwrite(file, &count, 1, 0)
  try ServiceManager().notify(.ready + .status("start \(count)"))
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGTERM)
  var number: CInt = 0
  sigprocmask(SIG_BLOCK, &signals, nil)
  sigwait(&signals, &number)
  try ServiceManager().notify(.stopping)
}

/// One entry of the journal.
func journal() {
  var logger = Logger(label: "probe") {
    JournalLogHandler(label: $0, level: .trace, prefix: "AMNESTY", messageIDs: ["a message": "0123456789abcdef0123456789abcdef"])
  }
  logger[metadataKey: "peer.uid"] = "1000"
  logger.warning("a message", metadata: ["call.id": "7", "case": ["SYN-1", "SYN-2"]])
}

/// The names of the credentials asked for, and their length.
func credentials() throws {
  var environment: [String: String] = [:]
  if let directory = getenv("CREDENTIALS_DIRECTORY") { environment["CREDENTIALS_DIRECTORY"] = String(cString: directory) }
  guard let credentials = Credentials(environment: environment) else { return print("none") }
  for name in CommandLine.arguments.dropFirst(2) {
    print(name, try credentials.read(name).map { String(decoding: $0, as: UTF8.self) } ?? "missing")
  }
}

do {
  switch CommandLine.arguments.dropFirst().first {
  case "listen": try listen()
  case "notify": try tell()
  case "store": try store()
  case "serve": try serve()
  case "journal": journal()
  case "credentials": try credentials()
  case "watchdog": print(try WatchdogInterval.current().map { "\($0)" } ?? "none")
  case "identity": print(ProcessIdentity.bootID ?? "none", ProcessIdentity.invocationID ?? "none")
  default:
    print("usage: SystemdProbe listen|notify|store|serve|journal|credentials NAME...|watchdog|identity")
    exit(EX_USAGE)
  }
} catch {
  print("error:", error)
  exit(EX_OSERR)
}
