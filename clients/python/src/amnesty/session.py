# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What the daemon's hello says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Session:
    """What the daemon said of the connection, and of whom it takes the caller for."""

    id: str | None = None
    """The connection's name in the daemon's log."""
    principal: str | None = None
    """Whom the daemon sees at the other end of the socket."""
    roles: tuple[str, ...] = ()
    """The roles that the principal holds on this socket."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """The limits in force, by name."""
    agent: str | None = None
    """The daemon's program and version."""
