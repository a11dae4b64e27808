// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

// Writes the Swift types, stubs and tables and the reference page from `protocol/`, and the reader of act files from `acts/act.schema.json`.
//
//     swift run ProtocolGenerator            writes what is stale
//     swift run ProtocolGenerator --check    names what is stale, and exits 1 if anything is

let arguments = CommandLine.arguments.dropFirst()
let isCheck = arguments.contains("--check")
let root = URL(filePath: arguments.first { !$0.hasPrefix("-") } ?? FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)

func report(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

do {
  let output = try Output(
    contract: Contract(directory: root.appending(path: "protocol")),
    actSchema: Data(contentsOf: root.appending(path: "acts/act.schema.json")))
  let stale = output.stale(root: root)
  if isCheck {
    for path in stale { report("\(path) is stale: run swift run ProtocolGenerator and commit what it writes") }
    if !stale.isEmpty { exit(1) }
  } else {
    try output.write(root: root)
    report("\(output.files.count) files, \(stale.count) written")
  }
} catch {
  report("ProtocolGenerator: \(error)")
  exit(1)
}
