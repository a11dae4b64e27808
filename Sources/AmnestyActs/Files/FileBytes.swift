// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Foundation

enum FileBytes {
  /// The bytes of a regular file of at most one byte above the limit, so that the caller sees that it is too large.
  static func read(_ path: String, limit: Int) -> Result<[UInt8], FileProblem> {
    func problem(_ message: String, _ hint: String) -> Result<[UInt8], FileProblem> {
      .failure(FileProblem(file: path, at: .unknown, message, hint: hint))
    }
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let resolved =
        attributes[.type] as? FileAttributeType == .typeSymbolicLink ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
      guard try FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType == .typeRegular else {
        return problem("no regular file", "name a file")
      }
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: resolved))
      defer { try? handle.close() }
      return .success(Array(try handle.read(upToCount: limit + 1) ?? Data()))
    } catch let error as CocoaError {
      switch error.code {
      case .fileNoSuchFile, .fileReadNoSuchFile: return problem("no such file", "check the path")
      case .fileReadNoPermission: return problem("no permission to read it", "let the daemon's user read it")
      default: return problem("not readable", "check the path and its permissions")
      }
    } catch {
      return problem("not readable", "check the path and its permissions")
    }
  }
}
