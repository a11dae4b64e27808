// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import Glibc

/// What a status is to whoever reads `$?`: the codes of sysexits.h, in one place.
package enum ExitStatus {
  package static func code(of code: StatusCode) -> CInt {
    switch code {
    case .ok: EX_OK
    case .invalidArgument, .outOfRange, .failedPrecondition: EX_DATAERR
    case .notFound: EX_NOINPUT
    case .unimplemented: EX_USAGE
    case .unavailable: EX_UNAVAILABLE
    case .alreadyExists: EX_CANTCREAT
    case .permissionDenied, .unauthenticated: EX_NOPERM
    case .cancelled, .deadlineExceeded, .aborted, .resourceExhausted: EX_TEMPFAIL
    // UNKNOWN, INTERNAL, DATA_LOSS.
    default: EX_SOFTWARE
    }
  }
}
