// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc
internal import Yams

/// Checks a configuration file against the keys there are; reading its values is swift-configuration's.
///
/// A misspelt key would otherwise be accepted in silence.
enum ConfigurationFile {
  /// - Returns: the names that the file gives where any name may stand, by the members above them; nil where it says nothing.
  static func check(_ path: String, keys: [ConfigurationKey]) throws(DaemonError) -> [String: [String]]? {
    let text = try read(path)
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw DaemonError(.configuration, "\(path): \(error)".trimmingNewlines)
    } catch {
      throw DaemonError(.configuration, "\(path): \(error)")
    }
    guard let root else { return nil }
    // An empty file says nothing; anything but a mapping says something else.
    if case .scalar(let scalar) = root, scalar.string.isEmpty { return nil }
    guard case .mapping(let mapping) = root else { throw error(path, root, "is no mapping of keys to values") }
    var names: [String: [String]] = [:]
    try check(mapping, at: [], path, keys, &names)
    return names
  }

  private static func check(
    _ mapping: Node.Mapping, at parents: [String], _ file: String, _ keys: [ConfigurationKey], _ names: inout [String: [String]]
  ) throws(DaemonError) {
    for (key, value) in mapping {
      let name = key.string ?? "?"
      let path = parents + [name]
      let full = path.joined(separator: ".")
      if keys.contains(where: { $0.begins(with: path) && $0.path[parents.count] == "*" }) {
        names[parents.joined(separator: "."), default: []].append(name)
      }
      if let known = keys.first(where: { $0.path.count == path.count && $0.begins(with: path) }) {
        switch (known.shape, value) {
        case (.scalar, .scalar): break
        case (.scalar, _): throw error(file, value, "\(full) takes one value")
        case (.list, .sequence(let list)):
          for element in list where element.scalar == nil { throw error(file, element, "\(full) takes a list of single values") }
        case (.list, _): throw error(file, value, "\(full) takes a list, for example [a, b]")
        }
        continue
      }
      let below = Set(keys.filter { $0.begins(with: parents) && $0.path.count > parents.count }.map { $0.path[parents.count] })
      guard below.contains(name) || below.contains("*") else {
        throw error(file, key, "unknown key \(full); known here: \(below.sorted().joined(separator: ", "))")
      }
      guard case .mapping(let inner) = value else { throw error(file, value, "\(full) takes a mapping of keys to values") }
      try check(inner, at: path, file, keys, &names)
    }
  }

  private static func error(_ file: String, _ node: Node, _ message: String) -> DaemonError {
    let place = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
    return DaemonError(.configuration, "\(file)\(place): \(message)")
  }

  private static func read(_ path: String) throws(DaemonError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannot("open the configuration file", path, errno: errno, else: .noInput) }
    defer { close(file) }
    let limit = 1 << 20
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = Glibc.read(file, &chunk, chunk.count)
      guard count >= 0 else { throw .cannot("read the configuration file", path, errno: errno, else: .noInput) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    guard bytes.count <= limit else { throw DaemonError(.configuration, "\(path) is larger than 1 MiB; this is no configuration file") }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw DaemonError(.configuration, "\(path) is not UTF-8") }
    return text
  }
}

extension String {
  fileprivate var trimmingNewlines: String { split(separator: "\n", omittingEmptySubsequences: true).joined(separator: "; ") }
}
