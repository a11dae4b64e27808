// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension ActCompiler {
  /// Facts that the provisions, their alternatives and exceptions read.
  func facts(under indices: [Int32]) -> Set<FactRef> {
    var result: Set<FactRef> = []
    for index in indices {
      let shape = shapes[Int(index)]
      result.formUnion(provisions[Int(index)].facts)
      for (first, count) in [(shape.firstException, shape.exceptionCount), (shape.firstAlternative, shape.alternativeCount)] {
        result.formUnion(facts(under: Array(alternatives[Int(first)..<Int(first + count)])))
      }
    }
    return result
  }

  /// The domains with one value for each that no condition tells from another: two listed articles are as one where a record is completed.
  func mergedDomains() -> [FactRef: FactDomain] {
    // What a record may say besides depends on its stage and on how terms were put together; those keep every value.
    let kept: Set<FactRef> = [.record(RecordSlot.stage), .offence(OffenceSlot.stage), .record(RecordSlot.aggregation)]
    var merged = domains
    for (ref, domain) in domains where !kept.contains(ref) {
      let tests = nodes.filter { $0.fact == ref || $0.fallback == ref }
      switch layout.fact(ref).type {
      case .word:
        merged[ref]?.values = firsts(of: domain.values) { value in
          tests.map { $0.operation == .inMask ? Int64($0.a & (1 << value) != 0 ? 1 : 0) : value }
        }
      case .article:
        let codes = Array(domain.articles.union([Article(number: 1).code, Article(number: 999).code])).sorted()
        merged[ref]?.articles = Set(
          firsts(of: codes) { code in
            tests.map { node in
              switch node.operation {
              case .articleIn: Int64(bitPattern: articleTables[Int(node.a)].parts(of: code))
              case .articleNumber: node.comparison.holds(code / 100, node.a) ? 1 : 0
              default: code
              }
            }
          })
      default: break
      }
    }
    return merged
  }

  private func firsts(of values: [Int64], _ signature: (Int64) -> [Int64]) -> [Int64] {
    var seen: Set<[Int64]> = []
    return values.filter { seen.insert(signature($0)).inserted }
  }
}
