// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyReports
internal import AmnestyRules
internal import AmnestyTexts
package import AmnestyWire
internal import Synchronization

/// `amnesty.v1.ReportService`: pages for people.
package struct Reports: ReportServiceProvider {
  private let access: RegisterAccess
  private let templates = Templates()

  package init(_ access: RegisterAccess) { self.access = access }

  /// The templates, read when the first page is asked for: few daemons' first second is spent on one.
  private final class Templates: Sendable {
    private let kept = Mutex<Pages?>(nil)

    var pages: Pages {
      get throws(Status) {
        do {
          return try kept.withLock { kept in
            let pages = try kept ?? Pages()
            kept = pages
            return pages
          }
        } catch {
          throw Status(.internal, reason: ErrorReason.internal, "The templates of this program are broken: install it anew.")
        }
      }
    }
  }

  // MARK: The register

  package func render(_ request: RenderReportRequest, context: CallContext) async throws(Status) -> RenderReportResponse {
    let snapshot = access.acts.current
    let act = try snapshot.act(request.actId)
    let asOf = try Estimation.day(request.asOf, of: act)
    let run = try Estimation.registerRun(access, request.office, context, [act], snapshot, asOf)
    try access.noteRead(access.caller(context).reader(as: .viewer, office: request.office), context, subject: request.digest)
    var estimate = RunningEstimate(EstimateTally([act.act], asOf: asOf, exampleLimit: 0), [act], snapshot)
    try await estimate.add(run) { _ in }
    let (scope, today) = (run.scope, access.today)
    let progress = try await access.read { reading throws(RegisterError) in try reading.progress(on: today, scope: scope) }
    let language = Language(request.language)
    var figures = ReportFigures(estimate.report, act, office: request.office, language)
    figures.add(progress)
    return RenderReportResponse(html: try templates.pages.report(figures))
  }

  // MARK: A case

  package func letter(_ request: RenderLetterRequest, context: CallContext) async throws(Status) -> RenderLetterResponse {
    let caller = access.caller(context)
    let (scope, view, reference) = (caller.scope, access.view, request.reference)
    let (stored, assessed, links): (StoredCase, StoredAssessment?, [Link]) = try await access.read(about: reference) {
      reading throws(RegisterError) in
      let stored = try reading.get(reference, scope: scope)
      let links = try reading.links(of: reference, page: PageRequest(size: 1000), scope: scope).items
      guard let number = stored.chain.assessment?.number else { return (stored, nil, links) }
      return (stored, try reading.assessment(of: reference, number: number, scope: scope).assessment, links)
    }
    try access.noteRead(caller.reader(as: .viewer, office: stored.office), context, subject: reference)
    var message = try view.message(stored, assessment: assessed?.stamp.bytes)
    message.show(to: caller.roles(in: stored.office))
    let snapshot = access.acts.current
    let act: ServedAct
    if let loaded = assessed.flatMap({ snapshot.act(digest: $0.stamp.act.digest) }) {
      act = loaded
    } else {
      act = try snapshot.act(assessed?.stamp.act.id)
    }
    let paper = CasePaper(case: message, act: act, language: Language(request.language), links: links, today: view.day)
    let pages = try templates.pages
    let html =
      switch request.form ?? .letter {
      case .letter: pages.letter(try paper.letter)
      case .short: pages.readAloud(try paper.letter)
      case .sheet: pages.caseSheet(paper.sheet)
      case .order, .unrecognized: pages.releaseOrder(try paper.order)
      }
    return RenderLetterResponse(html: html)
  }
}

extension Language {
  init(_ language: TextLanguage?) {
    switch language {
    case .kk: self = .kk
    case .ru: self = .ru
    case .en, .unrecognized, nil: self = .en
    }
  }
}

extension AmnestyWire.LocalizedText {
  func text(_ language: Language) -> String {
    switch language {
    case .kk: kk
    case .ru: ru
    case .en: en
    }
  }
}

extension ActOnPaper {
  init(_ act: ServedAct, _ language: Language) {
    let definition = act.act.definition
    self.init(
      id: definition.id, version: definition.version, digest: act.act.digest,
      title: AmnestyWire.LocalizedText(definition.title).text(language), citation: definition.citation)
  }
}
