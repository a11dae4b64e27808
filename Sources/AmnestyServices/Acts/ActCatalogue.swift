// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyTexts
package import AmnestyWire

/// `amnesty.v1.ActService`: the acts in force, and a check of those that are to be.
package struct ActCatalogue: ActServiceProvider {
  private let acts: ActsInForce

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
      facts: act.act.layout.declared.map { ActFact($0) }, source: String(decoding: act.file.source, as: UTF8.self))
  }

  /// Checks a source as loading does. Nothing is loaded.
  package func check(_ request: CheckActRequest, context: CallContext) async throws(Status) -> CheckActResponse {
    let name = request.fileName ?? "act.yaml"
    let result = ActFile.parse(Array(request.source.utf8), name: name)
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
  fileprivate init(_ served: ServedAct, isDefault: Bool) {
    let definition = served.act.definition
    let today = served.today?.day
    let isInForce = definition.inForceFrom.flatMap { from in today.map { $0 >= from } } ?? false
    let isFinal = isInForce && !definition.isExcerpt
    self.init(
      id: definition.id, version: definition.version, digest: served.act.digest, title: .init(definition.title),
      standing: isFinal ? .final : .provisional, note: isFinal ? nil : ActSummary.whyNotFinal(served),
      inForceFrom: definition.inForceFrom?.text,
      excerpt: definition.isExcerpt, default: isDefault, provisions: served.act.provisions.count)
  }

  private static func whyNotFinal(_ served: ServedAct) -> AmnestyWire.LocalizedText {
    let definition = served.act.definition
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
