// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// Where the acts are when nobody says so.
///
/// In this order: `../share/amnestyd/acts` beside the program's folder, `/usr/share/amnestyd/acts`, and for a program in its build tree the
/// first `acts` with act files in a folder above it.
struct ActSearch {
  /// The folder that the running program lies in.
  var programFolder: String
  var systemFolder = "/usr/share/amnestyd/acts"

  static func ofThisProgram() -> ActSearch {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let path = count > 0 ? String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
    return ActSearch(programFolder: Folder.parent(of: path))
  }

  /// Every place, in the order in which they are tried.
  var candidates: [String] {
    var folders = [Folder.parent(of: programFolder) + "/share/amnestyd/acts", systemFolder]
    var folder = programFolder
    while !folder.isEmpty, folder != "/" {
      folder = Folder.parent(of: folder)
      folders.append((folder == "/" ? "" : folder) + "/acts")
    }
    return folders
  }

  func find() throws(DaemonError) -> String {
    if let found = candidates.first(where: ActSearch.holdsActs) { return found }
    throw DaemonError(
      .noInput, "no act files found in \(candidates.joined(separator: ", ")); name their folder with --acts, or install them there")
  }

  private static func holdsActs(_ folder: String) -> Bool {
    guard let directory = opendir(folder) else { return false }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let isAct = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        let name = bytes.prefix { $0 != 0 }
        return name.suffix(5).elementsEqual(".yaml".utf8) && name.first != UInt8(ascii: ".")
      }
      if isAct { return true }
    }
    return false
  }
}
