# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The vectors, and the clauses that they test. What their members mean is in protocol/vectors/README.md."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from json_text import parse

PROTOCOL = Path(__file__).resolve().parent.parent

Step = dict[str, Any]


class VectorError(Exception):
    """The peer under test did something else than the vector expects."""

    def __init__(self, message: str, *, expected: str | None = None, received: str | None = None) -> None:
        super().__init__(message)
        self.expected = expected
        self.received = received


class OutOfPatience(VectorError):
    """What the vector expects did not come in time."""


@dataclass(frozen=True)
class Vector:
    """What to send, and what to expect."""

    name: str
    file: str
    clauses: tuple[str, ...]
    doc: str
    side: str
    in_lines: bool
    needs: frozenset[str]
    steps: tuple[Step, ...]

    def is_meant(self, patterns: list[str]) -> bool:
        """Whether its name, its file or one of its clauses matches one of the patterns. Without any, all are."""
        words = (self.name, self.file, *self.clauses)
        return not patterns or any(fnmatch.fnmatchcase(word, pattern) for word in words for pattern in patterns)


def read_vectors(folder: Path, side: str) -> list[Vector]:
    """Those for that side, in the order of the files. Raises ValueError where a file is not one of vectors."""
    files = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(".schema.json")]
    if not files:
        raise ValueError(f"{folder}: no file of vectors")
    return [vector for path in files for vector in _vectors_of(path) if vector.side == side]


def _vectors_of(path: Path) -> list[Vector]:
    try:
        return [
            Vector(
                name=one["name"],
                file=path.stem,
                clauses=tuple(one["clauses"]),
                doc=one["doc"],
                side=one["side"],
                in_lines=one.get("mode") == "lines",
                needs=frozenset(one.get("needs", ())),
                steps=tuple(one["steps"]),
            )
            for one in parse(path.read_bytes())["vectors"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: no file of vectors: {error!r}") from None


def clause_texts() -> dict[str, str]:
    """What each clause of SPEC.md says, by its name."""
    text = (PROTOCOL / "SPEC.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^- `([A-Z]-[0-9]+)` \([^)]*\) (.*)$", text, re.MULTILINE))
