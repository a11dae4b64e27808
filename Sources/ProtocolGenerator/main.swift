// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

// Writes the Swift types, stubs and tables and the reference page from `protocol/`, the reader of act files from `acts/act.schema.json`, and
// the texts that people see from `Sources/AmnestyTexts/Catalog`.
//
//     swift run ProtocolGenerator            writes what is stale
//     swift run ProtocolGenerator --check    names what is stale, and exits 1 if anything is
//
// A text that lacks a translation, or whose English was changed without it, fails both.

let arguments = CommandLine.arguments.dropFirst()
let isCheck = arguments.contains("--check")
let root = URL(filePath: arguments.first { !$0.hasPrefix("-") } ?? FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)

func report(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

do {
  let contract = try Contract(directory: root.appending(path: "protocol"))
  let use = try TextUse(root: root)
  var catalog = try TextCatalog(directory: root.appending(path: "Sources/AmnestyTexts/Catalog"))
  catalog.compare(with: contract)
  catalog.compare(with: use)
  let output = try Output(
    contract: contract, actSchema: Data(contentsOf: root.appending(path: "acts/act.schema.json")),
    texts: TextEmitter(catalog: catalog, use: use))
  let stale = output.stale(root: root)
  for problem in catalog.problems { report("texts: \(problem)") }
  if isCheck {
    for path in stale { report("\(path) is stale: run swift run ProtocolGenerator and commit what it writes") }
    if !stale.isEmpty { exit(1) }
  } else {
    try output.write(root: root)
    report("\(output.files.count) files, \(stale.count) written")
  }
  if !catalog.problems.isEmpty { exit(1) }
} catch {
  report("ProtocolGenerator: \(error)")
  exit(1)
}
