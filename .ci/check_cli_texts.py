# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""English sentences that the command line would print past the catalog of texts: string literals of three or more lower-case words."""

import pathlib
import re
import sys

ROOT = pathlib.Path("clients/cli/AmnestyCommands")

# Literals that only look like sentences: file, how it begins.
ALLOWED = [
    ("Describe/Describe.swift", "kind: "),  # names of members, as the contract has them
    ("Import/ImportTally.swift", '{ index :'),  # JSON
]

# What --help shows is English: the parser builds it before any language is known.
HELP = re.compile(r"(?:\b(?:help|abstract|discussion|valueName|deprecated|usage|title|name)\s*:|\bArgumentHelp\()\s*$")

WORD = re.compile(r"(?<![\w$/.\-])[a-z]+(?:'[a-z]+)?(?![\w/\-(=])")


def literals(text: str):
    """The string literals of Swift source, with their offsets; what is filled in is left out."""
    position = 0
    while position < len(text):
        if text.startswith("//", position):
            position = end_of_line(text, position)
        elif text[position] == '"':
            start = position
            content, position = literal(text, position)
            yield start, content
        else:
            position += 1


def end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def literal(text: str, position: int) -> tuple[str, int]:
    quote = '"""' if text.startswith('"""', position) else '"'
    position += len(quote)
    content = []
    while not text.startswith(quote, position):
        if text.startswith("\\(", position):
            depth, position = 1, position + 2
            while depth > 0:
                if text[position] == '"':
                    _, position = literal(text, position)
                    continue
                depth += {"(": 1, ")": -1}.get(text[position], 0)
                position += 1
            content.append("0")
        elif text[position] == "\\":
            content.append(" ")
            position += 2
        else:
            content.append(text[position])
            position += 1
    return "".join(content), position + len(quote)


def is_sentence(content: str) -> bool:
    return len(WORD.findall(content)) >= 3


def problems(path: pathlib.Path, name: str):
    text = path.read_text()
    inside_help = 0
    for start, content in literals(text):
        before = text[:start].rstrip()
        # A literal that follows a literal by + belongs with it.
        is_help = HELP.search(before) or (inside_help and before.endswith("+") and before[:-1].rstrip().endswith('"'))
        inside_help = 1 if is_help else 0
        if is_help or not is_sentence(content):
            continue
        if any(name == file and content.strip().startswith(opening) for file, opening in ALLOWED):
            continue
        yield f"{path}:{text.count(chr(10), 0, start) + 1}: English outside the catalog of texts: {content.strip()!r}"


def main() -> int:
    found = []
    for path in sorted(ROOT.rglob("*.swift")):
        found += problems(path, path.relative_to(ROOT).as_posix())
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
