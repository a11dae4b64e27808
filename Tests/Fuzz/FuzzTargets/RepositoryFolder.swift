// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Folders of the sources, as they were when this was built.
package enum RepositoryFolder {
  package static func path(_ relative: String) -> String {
    "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/" + relative
  }
}
