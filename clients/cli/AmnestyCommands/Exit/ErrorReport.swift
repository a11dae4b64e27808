// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
internal import Glibc

/// An error as a person reads it: what, where, and what to do next.
package struct ErrorReport {
  package let text: String

  package init(_ status: Status, language: Language = .ofUser()) {
    var lines = ["amnestyctl: \(status.description)"]
    if let meaning = Self.meaning(of: status, language) { lines = ["amnestyctl: \(meaning)", "  \(status.description)"] }
    lines += Self.places(of: status, language).map { "  \($0)" }
    if let quota = status.quota { lines.append("  " + Text.errorLimit(language, limit: quota)) }
    if let milliseconds = status.retryInfo?.retryDelayMilliseconds {
      lines.append("  " + Text.errorTryAgain(language, milliseconds: "\(milliseconds)"))
    }
    if let hint = Self.hint(for: status, language) { lines.append("  \(hint)") }
    self.text = lines.joined(separator: "\n") + "\n"
  }

  /// What the reason of an error means, where the reader's language is not that of the daemon's own words.
  package static func meaning(of status: Status, _ language: Language) -> String? {
    language == .en ? nil : status.reason.flatMap { Words.errorReason($0, language) }
  }

  /// In one line, without the status code: what it means, its reason, and what is wrong where.
  package static func summary(of status: Status, _ language: Language = .ofUser()) -> String {
    let places = Self.places(of: status, language)
    let why = "\(status.reason ?? status.code.name): \(places.isEmpty ? status.message : places.joined(separator: "; "))"
    return Self.meaning(of: status, language).map { "\($0) \(why)" } ?? why
  }

  /// What to type next, where a command of this program helps.
  package static func hint(for status: Status, _ language: Language = .ofUser()) -> String? {
    let reference = status.subject ?? "REFERENCE"
    switch status.reason {
    case ErrorReason.staleEtag?: return status.isAboutCase ? Text.hintStale(language, reference: reference) : nil
    case ErrorReason.wrongState?: return Text.hintWrongState(language, reference: reference)
    case ErrorReason.assessmentStale?: return Text.hintAssessAnew(language, reference: reference)
    case ErrorReason.caseExists?: return Text.hintCaseExists(language, reference: reference)
    case ErrorReason.needsOpen?: return Text.hintNeedsOpen(language, reference: reference)
    case ErrorReason.registerUnavailable?: return Text.hintRegisterUnavailable(language)
    case ErrorReason.unknownAct?: return Text.hintUnknownAct(language)
    default: return nil
    }
  }

  package init(_ error: InputError, language: Language = .ofUser()) {
    self.text = "amnestyctl: \(error.message(in: language))\n"
  }

  package func write() {
    StandardError.write(self.text)
  }

  /// Each member of the request, or of what the daemon has read, that is wrong, as `place: why`.
  package static func places(of status: Status, _ language: Language = .ofUser()) -> [String] {
    for case .preconditionFailure(let failure) in status.details {
      // Where it says what the message says, once is enough.
      return failure.violations.filter { $0.description != status.message }
        .map { $0.subject.isEmpty ? $0.description : "\($0.subject): \($0.description)" }
    }
    guard let request = status.badRequest else { return [] }
    var places = request.fieldViolations.map { "\($0.field.isEmpty ? "/" : $0.field): \($0.description)" }
    let more = request.violationsTotal - places.count
    if more > 0 { places.append(Text.errorMorePlaces(language, count: "\(more)")) }
    return places
  }
}

extension Status {
  /// Unless it says that it is about something else.
  fileprivate var isAboutCase: Bool {
    !self.details.contains { if case .resourceInfo(let info) = $0 { info.resourceType != "case" } else { false } }
  }

  /// The thing that the call was about.
  fileprivate var subject: String? {
    for case .resourceInfo(let info) in self.details where !info.resourceName.isEmpty { return info.resourceName }
    for case .preconditionFailure(let failure) in self.details {
      guard let subject = failure.violations.first?.subject, subject.hasPrefix("case/") else { continue }
      return String(subject.dropFirst("case/".count))
    }
    return nil
  }

  fileprivate var quota: String? {
    for case .quotaFailure(let failure) in self.details { return failure.violations.first?.description }
    return nil
  }
}

/// Where errors and progress go.
enum StandardError {
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
        // Nobody is left to be told.
        guard count > 0 || errno == EINTR else { return }
        rest = rest.dropFirst(max(0, count))
      }
    }
  }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
  fileprivate var baseAddress: UnsafePointer<UInt8>? { UnsafeBufferPointer(rebasing: self).baseAddress }
}
