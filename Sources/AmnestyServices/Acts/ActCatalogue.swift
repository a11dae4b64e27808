// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyTexts
package import AmnestyWire

/// `amnesty.v1.ActService`: the acts in force, and a check of those that are to be.
package struct ActCatalogue: ActServiceProvider {
  let acts: ActsInForce

  package init(_ acts: ActsInForce) { self.acts = acts }

  private static let defaultPageSize = 100
  /// A page goes on after the act that its token names, whether or not that act is still loaded.
  private static let tokenPrefix = "after:"

  package func list(_ request: ListActsRequest, context: CallContext) throws(Status) -> ListActsResponse {
    let snapshot = acts.current
    var rest = snapshot.acts[...]
    if let token = request.pageToken, !token.isEmpty {
      guard token.hasPrefix(ActCatalogue.tokenPrefix) else {
        throw Status(
          .invalidArgument, reason: ErrorReason.unknownPageToken,
          "The page token was not given by this daemon. Start again without pageToken.")
      }
      let last = token.dropFirst(ActCatalogue.tokenPrefix.count)
      rest = rest.drop { $0.reference.id <= last }
    }
    let page = rest.prefix(request.pageSize ?? ActCatalogue.defaultPageSize)
    return ListActsResponse(
      acts: page.map { ActSummary($0, isDefault: $0 === snapshot.defaultAct) },
      nextPageToken: page.count < rest.count ? page.last.map { ActCatalogue.tokenPrefix + $0.reference.id } : nil)
  }

  package func get(_ request: GetActRequest, context: CallContext) async throws(Status) -> GetActResponse {
    let snapshot = acts.current
    let act = try snapshot.act(request.actId)
    if let version = request.version, version != act.reference.version {
      throw .unknownAct("\(request.actId) \(version)", known: "\(act.reference.id) \(act.reference.version)")
    }
    return GetActResponse(
      act: ActSummary(act, isDefault: act === snapshot.defaultAct), provisions: act.act.provisions.map { ActProvision($0) },
      facts: act.act.layout.declared.map { ActFact($0) }, source: String(decoding: act.file.source, as: UTF8.self),
      bases: act.file.bases.isEmpty ? nil : act.file.bases.map { ActFileSource($0) })
  }

  /// Checks a source as loading does. Nothing is loaded.
  package func check(_ request: CheckActRequest, context: CallContext) async throws(Status) -> CheckActResponse {
    let name = request.fileName ?? "act.yaml"
    let bases = request.bases ?? []
    let result = ActFile.parse(Array(request.source.utf8), name: name) { wanted in
      guard let base = bases.first(where: { $0.fileName == wanted + ".yaml" }) else {
        return .failure(
          FileProblem(file: wanted + ".yaml", at: .unknown, "is not in the request", hint: "give the file that is extended in bases"))
      }
      let folder = name.lastIndex(of: "/").map { name[...$0] } ?? ""
      return .success(ActSource(name: folder + base.fileName, bytes: Array(base.source.utf8)))
    }
    var problems = result.problems
    if let act = result.act, let examples = request.examples {
      problems += ActExamples.run(Array(examples.utf8), name: ActExamples.path(besides: name), on: act).problems
    }
    return CheckActResponse(
      ok: problems.isEmpty, act: result.act.map { ActSummary(ServedAct($0, clock: .system), isDefault: false) },
      problems: problems.map { ActProblem($0) })
  }
}

extension ActSummary {
  init(_ served: ServedAct, isDefault: Bool) {
    let definition = served.act.definition
    let today = served.today?.day
    let isInForce = definition.inForceFrom.flatMap { from in today.map { $0 >= from } } ?? false
    let isFinal = isInForce && definition.canBeFinal
    self.init(
      id: definition.id, version: definition.version, digest: served.act.digest, title: .init(definition.title),
      standing: isFinal ? .final : .provisional, note: isFinal ? nil : ActSummary.whyNotFinal(served),
      inForceFrom: definition.isDraft ? nil : definition.inForceFrom?.text, excerpt: definition.isExcerpt, default: isDefault,
      provisions: served.act.provisions.count, draft: definition.isDraft)
  }

  private static func whyNotFinal(_ served: ServedAct) -> AmnestyWire.LocalizedText {
    let definition = served.act.definition
    if definition.isDraft {
      if let own = definition.notes.first(where: { $0.code == "draft" }) { return .init(own.text) }
      return LocalizedText(
        en: "This is a draft or an earlier stage of a law, not the law itself: its answers are never final, and nothing is decided on it.",
        ru: "Это проект или ранняя редакция, а не сам закон: ответы по нему никогда не окончательны, и решений по нему не принимают.",
        kk: "Бұл заңның өзі емес, жоба немесе бұрынғы редакция: ол бойынша жауаптар ешқашан түпкілікті емес, шешім қабылданбайды.")
    }
    if definition.isExcerpt {
      if let own = definition.notes.first(where: { $0.code == "excerpt" }) { return .init(own.text) }
      return .init(Text.actIsExcerpt)
    }
    guard let from = definition.inForceFrom else {
      return .init(Text.actEntryUnknown)
    }
    return .init { Text.actEntersIntoForce($0, day: from.text) }
  }
}

extension ActFileSource {
  fileprivate init(_ source: ActSource) {
    let name = source.name.split(separator: "/").last.map(String.init) ?? source.name
    self.init(fileName: name, source: String(decoding: source.bytes, as: UTF8.self))
  }
}

extension ActProvision {
  fileprivate init(_ provision: CompiledAct.CompiledProvision) {
    self.init(
      id: provision.id, kind: provision.kind.rawValue, basis: .init(provision.basis), citation: provision.citation,
      text: .init(provision.text), measure: provision.measure)
  }
}

extension ActFact {
  fileprivate init(_ fact: DeclaredFact) {
    let (kind, words): (FactKind, [String]) =
      switch fact.kind {
      case .boolean: (.boolean, [])
      case .integer: (.integer, [])
      case .day: (.day, [])
      case .term: (.term, [])
      case .word(let words): (.word, words)
      case .words(let words): (.words, words)
      }
    self.init(name: fact.name, kind: kind, words: words, question: .init(fact.question))
  }
}

extension AmnestyWire.ActProblem {
  fileprivate init(_ problem: FileProblem) {
    self.init(
      severity: .error, file: problem.file, line: problem.place.line, column: problem.place.column, message: problem.message,
      hint: problem.hint)
  }
}
