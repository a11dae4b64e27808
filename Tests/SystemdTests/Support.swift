// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation
internal import Glibc
internal import Testing

/// The program that uses Systemd in a process of its own.
enum Probe {
  /// Built beside the tests, wherever that is.
  static var path: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "SystemdProbe").path
  }
}

enum Namespaces {
  /// Whether this host lets the tests have a mount namespace of their own.
  static let arePermitted: Bool = (try? run("unshare", (geteuid() == 0 ? [] : ["-r"]) + ["-m", "true"]).status == 0) ?? false
}

struct Ended {
  var status: Int32
  var output: String
  var errors: String
}

/// A program that runs; it says less than a pipe holds.
struct Started {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// With nothing of this process's environment but PATH.
  init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"].merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  func wait() -> Ended {
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(
      status: process.terminationStatus, output: String(decoding: said, as: UTF8.self), errors: String(decoding: complained, as: UTF8.self))
  }
}

func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Ended {
  try Started(program, arguments, environment: environment).wait()
}

final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/systemd-tests.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What came in one datagram: text, who the kernel says has sent it, and descriptors.
struct Datagram {
  var text: String
  var pid: Int32?
  var descriptors: [CInt]
}

/// A datagram socket in the place of the service manager's or the journal's.
final class DatagramSocket {
  let path: String
  private let descriptor: CInt

  init(path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let socket = descriptor
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    try #require(bound == 0)
    var yes: CInt = 1
    // SO_PASSCRED
    try #require(setsockopt(descriptor, SOL_SOCKET, 16, &yes, socklen_t(MemoryLayout<CInt>.size)) == 0)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    try #require(setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0)
  }

  deinit { close(descriptor) }

  /// The next datagram; fails where none comes in 20 s.
  func receive() throws -> Datagram {
    var body = [UInt8](repeating: 0, count: 1 << 16)
    var control = [UInt8](repeating: 0, count: 512)
    var (count, controlLength) = (0, 0)
    body.withUnsafeMutableBytes { bodyBytes in
      control.withUnsafeMutableBytes { controlBytes in
        var part = iovec(iov_base: bodyBytes.baseAddress, iov_len: bodyBytes.count)
        withUnsafeMutablePointer(to: &part) { part in
          var message = msghdr()
          message.msg_iov = part
          message.msg_iovlen = 1
          message.msg_control = controlBytes.baseAddress
          message.msg_controllen = controlBytes.count
          count = recvmsg(descriptor, &message, CInt(MSG_CMSG_CLOEXEC))
          controlLength = message.msg_controllen
        }
      }
    }
    try #require(count >= 0, "no datagram: errno \(errno)")
    var datagram = Datagram(text: String(decoding: body[..<count], as: UTF8.self), pid: nil, descriptors: [])
    // Headers of control messages: length (8 bytes), level and type (4 each), then data, padded to 8.
    var offset = 0
    try control.withUnsafeBytes { bytes in
      while offset + 16 <= controlLength {
        let length = bytes.loadUnaligned(fromByteOffset: offset, as: Int.self)
        let type = bytes.loadUnaligned(fromByteOffset: offset + 12, as: CInt.self)
        try #require(length >= 16)
        let words = stride(from: offset + 16, to: offset + length, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: CInt.self) }
        if type == 2 { datagram.pid = words.first }
        if type == 1 { datagram.descriptors += words }
        offset += (length + 7) & ~7
      }
    }
    return datagram
  }
}
