// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Testing

/// The root of the checkout, and the programs built beside the tests.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  static func program(_ name: String) -> URL { programs.appending(path: name) }

  static func folder(_ name: String) -> URL { root.appending(path: name) }
}

/// A program that has ended.
struct Finished {
  var status: Int32
  var output: String
  var errors: String
}

/// Runs a program of the checkout, or one named by its path, to its end, with `input` on its standard input.
func run(_ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Finished {
  let process = Process()
  process.executableURL = program.hasPrefix("/") ? URL(filePath: program) : Checkout.program(program)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let files = FileManager.default.temporaryDirectory.appending(path: "amnesty-run-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: files) }
  // Files and not pipes: nothing blocks, however much is said.
  let names = ["in", "out", "err"].map { files.appending(path: $0) }
  try Data(input.utf8).write(to: names[0])
  for name in names.dropFirst() { try Data().write(to: name) }
  process.standardInput = try FileHandle(forReadingFrom: names[0])
  process.standardOutput = try FileHandle(forWritingTo: names[1])
  process.standardError = try FileHandle(forWritingTo: names[2])
  try process.run()
  process.waitUntilExit()
  return Finished(
    status: process.terminationStatus, output: try String(contentsOf: names[1], encoding: .utf8),
    errors: try String(contentsOf: names[2], encoding: .utf8))
}

/// What a program says next; fails where it has ended, or says nothing for half a minute.
func nextWords(_ pipe: Pipe, awaiting words: String) throws -> String {
  var poll = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
  try #require(Glibc.poll(&poll, 1, 30_000) == 1, "nothing was said in half a minute, awaiting \(words)")
  let more = pipe.fileHandleForReading.availableData
  try #require(!more.isEmpty, "the program ended, awaiting \(words)")
  return String(decoding: more, as: UTF8.self)
}

/// The real daemon on a socket of its own, in a folder of its own; gone when the test ends.
final class RunningDaemon {
  let folder: URL
  let acts: URL
  private let process = Process()
  private let log = Pipe()
  private var said = ""
  /// Every line of the log that was looked at.
  private(set) var allSaid = ""

  var socket: String { folder.appending(path: "a.sock").path }

  var state: URL { folder.appending(path: "state") }

  /// Returns once the daemon says that it is ready.
  ///
  /// - Parameters:
  ///   - isStateReadOnly: the daemon's state directory is mounted read-only, for it alone; needs root.
  ///   - descriptors: how many files it may have open.
  ///   - prepare: what stands in the state directory before.
  init(isStateReadOnly: Bool = false, descriptors: Int? = nil, prepare: ((URL) throws -> Void)? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "amnesty-\(UUID().uuidString.prefix(8))")
    acts = folder.appending(path: "acts")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Checkout.folder("acts"), to: acts)
    if let prepare {
      try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
      try prepare(state)
    }
    if isStateReadOnly {
      process.executableURL = URL(filePath: "/usr/bin/unshare")
      let script = #"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@""#
      process.arguments = ["-m", "sh", "-c", script, state.path, Checkout.program("amnestyd").path] + arguments
    } else if let descriptors {
      process.executableURL = URL(filePath: "/usr/bin/prlimit")
      process.arguments = ["--nofile=\(descriptors):\(descriptors)", Checkout.program("amnestyd").path] + arguments
    } else {
      process.executableURL = Checkout.program("amnestyd")
      process.arguments = arguments
    }
    process.standardError = log
    try process.run()
    try waitFor("\"message\":\"ready\"")
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  var arguments: [String] {
    ["--socket", socket, "--state-directory", folder.appending(path: "state").path, "--acts", acts.path, "--log-format", "json"]
  }

  /// Reads the log until a line holds the words; each is found once, in order.
  @discardableResult
  func waitFor(_ words: String) throws -> String {
    while true {
      while let end = said.firstIndex(of: "\n") {
        let line = String(said[..<end])
        said = String(said[said.index(after: end)...])
        allSaid += line + "\n"
        if line.contains(words) { return line }
      }
      said += try nextWords(log, awaiting: words)
    }
  }

  var identifier: Int32 { process.processIdentifier }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  func waitForExit() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  func control(_ arguments: String..., input: String = "") throws -> Finished {
    try run("amnestyctl", arguments, input: input, environment: ["AMNESTY_SOCKET": socket, "NO_COLOR": "1"])
  }
}
