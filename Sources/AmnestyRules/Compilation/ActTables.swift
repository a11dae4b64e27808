// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The tables that an evaluation reads, as memory of their own that never changes: reading it costs no count of references.
///
/// It belongs to the ``CompiledAct``, which frees it. All indices in it are the compiler's.
struct ActTables: @unchecked Sendable {
  let nodes: UnsafeBufferPointer<ConditionNode>
  let children: UnsafeBufferPointer<Int32>
  let shapes: UnsafeBufferPointer<ProvisionShape>
  let alternatives: UnsafeBufferPointer<Int32>
  let clauses: UnsafeBufferPointer<CompiledClause>
  let effects: UnsafeBufferPointer<CompiledEffect>
  let scope: UnsafeBufferPointer<Int32>
  let exclusions: UnsafeBufferPointer<Int32>
  /// Each list of articles as a range of `articles`.
  let articleLists: UnsafeBufferPointer<ArticleList>
  let articles: UnsafeBufferPointer<ArticleTable.Entry>

  struct ArticleList {
    var first: Int32
    var count: Int32
  }

  init(_ compiler: ActCompiler, scope: [Int32], exclusions: [Int32], clauses: [CompiledClause]) {
    nodes = ActTables.copy(compiler.nodes)
    children = ActTables.copy(compiler.children)
    shapes = ActTables.copy(compiler.shapes)
    alternatives = ActTables.copy(compiler.alternatives)
    self.clauses = ActTables.copy(clauses)
    effects = ActTables.copy(compiler.effects)
    self.scope = ActTables.copy(scope)
    self.exclusions = ActTables.copy(exclusions)
    var lists: [ArticleList] = []
    var articles: [ArticleTable.Entry] = []
    for table in compiler.articleTables {
      lists.append(ArticleList(first: Int32(articles.count), count: Int32(table.entries.count)))
      articles += table.entries
    }
    articleLists = ActTables.copy(lists)
    self.articles = ActTables.copy(articles)
  }

  /// Plain numbers only: nothing in them is counted, so none is destroyed when they are freed.
  private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = memory.initialize(fromContentsOf: elements)
    return UnsafeBufferPointer(memory)
  }

  func deallocate() {
    nodes.deallocate()
    children.deallocate()
    shapes.deallocate()
    alternatives.deallocate()
    clauses.deallocate()
    effects.deallocate()
    scope.deallocate()
    exclusions.deallocate()
    articleLists.deallocate()
    articles.deallocate()
  }

  /// The parts of an article that a list names; 0 where it does not name the article.
  func parts(of code: Int64, in list: Int) -> UInt64 {
    guard articleLists.indices.contains(list) else { return 0 }
    let range = articleLists[list]
    let entries = UnsafeBufferPointer(rebasing: articles[Int(range.first)..<Int(range.first + range.count)])
    return ArticleTable.parts(of: code, in: entries)
  }
}
