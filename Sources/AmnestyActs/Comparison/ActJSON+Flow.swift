// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension ActJSON {
  /// As an act file writes it on one line: `{ fact: stage, in: [investigation, trial] }`.
  var flow: String {
    switch self {
    case .string(let text): ActJSON.flow(text)
    case .integer(let value): String(value)
    case .boolean(let value): value ? "true" : "false"
    case .array(let elements): "[" + elements.map(\.flow).joined(separator: ", ") + "]"
    case .object(let members):
      members.isEmpty ? "{}" : "{ " + ActJSON.inReadingOrder(members).map { "\($0.0): \($0.1.flow)" }.joined(separator: ", ") + " }"
    }
  }

  /// What a person reads first: what is tested before how, what is granted before how much.
  private static let first = ["fact", "article", "articles", "from", "measure", "by"]

  private static func inReadingOrder(_ members: [(String, ActJSON)]) -> [(String, ActJSON)] {
    members.filter { first.contains($0.0) } + members.filter { !first.contains($0.0) }
  }

  private static func flow(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isLetter || $0.isNumber } == true && text.last?.isWhitespace == false
      && !text.contains { ",[]{}:#\"'\n\t".contains($0) }
    if isPlain { return text }
    return String(decoding: ActJSON.string(text).canonical, as: UTF8.self)
  }
}
