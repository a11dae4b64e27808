// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A table of figures, as it stands behind each chart.
struct TableView {
  struct Row {
    var rowHeading: String
    var cells: [String]
  }

  var tableCaption: String
  /// Of the first column, which holds words.
  var headingColumn: String
  /// Of the others, which hold numbers.
  var columns: [String]
  var tableRows: [Row]
}
