// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// Everything that is generated, by path from the root of the package.
struct Output {
  private(set) var files: [String: String] = [:]

  static let directories = ["Sources/AmnestyWire/Generated", TextEmitter.directory]

  init(contract: Contract, actSchema: Data, texts: TextEmitter) throws {
    self.files["Sources/AmnestyActs/Generated/ActDocument.swift"] = try ActDecoderGenerator.source(schema: actSchema)
    let requests = contract.requestTypes
    let scanned = contract.scannedTypes
    for type in contract.types {
      switch type.body {
      case .message:
        let emitter = MessageEmitter(contract: contract, type: type, isRequest: requests.contains(type.name))
        self.add("Messages/\(type.name)", emitter.emit())
        if scanned.contains(type.name) { self.add("Scans/\(type.name)+Scan", ScanEmitter(contract: contract, type: type).emit()) }
      case .words(let words):
        self.add("Words/\(type.name)", WordsEmitter(type: type, words: words, isScanned: scanned.contains(type.name)).emit())
      case .scalar, .external:
        break
      }
    }
    for service in contract.services {
      self.add("Services/\(service.swiftName)", ServiceEmitter(contract: contract, service: service).emit())
    }
    let tables = TableEmitter(contract: contract)
    self.add("FactQuestions", tables.questions())
    self.add("ErrorReason", tables.reasons())
    self.add("ContractDescription", tables.reflection())
    self.files["Tests/Fuzz/FuzzTargets/Messages/AllMessages.swift"] = tables.messages()
    self.files["docs/protocol-reference.md"] = ReferenceEmitter(contract: contract).emit()
    self.files.merge(texts.files()) { $1 }
  }

  private mutating func add(_ name: String, _ text: String) {
    self.files["Sources/AmnestyWire/Generated/\(name).swift"] = text
  }

  /// The paths that differ from what is on disk, and those that should not be there.
  func stale(root: URL) -> [String] {
    let changed = self.files.filter { path, text in
      (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) != text
    }
    return (changed.keys + self.leftovers(root: root)).sorted()
  }

  func write(root: URL) throws {
    for path in self.stale(root: root) {
      let url = root.appending(path: path)
      if let text = self.files[path] {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url, options: .atomic)
      } else {
        try FileManager.default.removeItem(at: url)
      }
    }
  }

  private func leftovers(root: URL) -> [String] {
    Self.directories.flatMap { directory -> [String] in
      let url = root.appending(path: directory)
      guard let names = FileManager.default.enumerator(atPath: url.path()) else { return [] }
      return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        .map { directory + "/" + $0 }.filter { self.files[$0] == nil }
    }
  }
}
