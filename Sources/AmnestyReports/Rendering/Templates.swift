// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The templates that are part of the program, by name.
enum Templates {
  static let byName: [String: String] = [
    "bar-chart": PackageResources.bar_chart_mustache,
    "case-sheet": PackageResources.case_sheet_mustache,
    "column-chart": PackageResources.column_chart_mustache,
    "counted-list": PackageResources.counted_list_mustache,
    "ground": PackageResources.ground_mustache,
    "legend": PackageResources.legend_mustache,
    "letter": PackageResources.letter_mustache,
    "page": PackageResources.page_mustache,
    "particulars": PackageResources.particulars_mustache,
    "read-aloud": PackageResources.read_aloud_mustache,
    "release-order": PackageResources.release_order_mustache,
    "report": PackageResources.report_mustache,
    "style-base": PackageResources.style_base_mustache,
    "style-report": PackageResources.style_report_mustache,
    "style-sheet": PackageResources.style_sheet_mustache,
    "table": PackageResources.table_mustache,
  ].mapValues { String(decoding: $0, as: UTF8.self) }
}
