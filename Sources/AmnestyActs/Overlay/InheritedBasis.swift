// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// How sure is what an act takes over from another, where the other knows it from a source that does not speak of this one.
///
/// A report of the law as signed tells of an earlier draft only by inference: so whatever cites that report is at most `inferred` in the draft,
/// and cites why.
struct InheritedBasis {
  private var cited: [Located<String>]
  private var basis: Located<ActDocument.Basis>
  private var source: YamlNode

  init(_ node: YamlNode, _ reader: inout DocumentReader) {
    let members = reader.members(node, known: ["cited", "basis", "source"])
    cited = reader.list(members.required("cited", &reader), minimum: 1) { node, reader in reader.text(node, .word) }
    basis = reader.word(members.required("basis", &reader), as: ActDocument.Basis.self)
    source = members.required("source", &reader)
  }

  private static let strength: [ActDocument.Basis] = [.open, .inferred, .reported, .text]

  private func isStronger(_ node: YamlNode?) -> Bool {
    guard let word = node?.text.flatMap(ActDocument.Basis.init(rawValue:)), let own = InheritedBasis.strength.firstIndex(of: word),
      let limit = InheritedBasis.strength.firstIndex(of: basis.value)
    else { return false }
    return own > limit
  }

  func applied(to root: YamlNode, _ reader: inout DocumentReader) -> YamlNode {
    guard basis.place != .unknown else { return root }
    if basis.value == .open {
      reader.report(basis.place, "what is open needs a condition that says so", hint: "write inferred, and name what is open under change")
      return root
    }
    var found: Set<String> = []
    let result = root.rewritingItems { item in
      guard let key = (item["source"]?["id"] ?? item["source"])?.text, cited.contains(where: { $0.value == key }) else { return item }
      var item = item
      if isStronger(item["basis"]) {
        found.insert(key)
        item.set(YamlNode.Member(name: "basis", place: basis.place, value: YamlNode(basis)))
        item.set(YamlNode.Member(name: "source", place: source.place, value: source))
      }
      if isStronger(item["basisWhenFalse"]) {
        item.set(YamlNode.Member(name: "basisWhenFalse", place: basis.place, value: YamlNode(basis)))
      }
      return item
    }
    for key in cited where key.place != .unknown && !found.contains(key.value) {
      reader.report(key.place, "nothing that is taken over is surer by \(key.value)", hint: "remove it from cited")
    }
    return result
  }
}

extension YamlNode {
  fileprivate init(_ basis: Located<ActDocument.Basis>) {
    self.init(content: .scalar(basis.value.rawValue, isPlain: true), place: basis.place)
  }
}
