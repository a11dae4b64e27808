// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyCommands
internal import Glibc

exit(await AmnestyControl.main())
