# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""check_links.py: every relative link in the repository's Markdown leads to a file or folder, and to a heading where it names one."""

import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def slug(heading):
    text = re.sub(r"[`*_]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def headings(path):
    text = path.read_text(encoding="utf-8")
    return {slug(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")} | set(re.findall(r'<a id="([^"]+)"', text))


def main():
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", "*.md"], check=True, capture_output=True, text=True
    ).stdout
    bad = 0
    for name in listing.splitlines():
        page = pathlib.Path(name)
        if not page.exists():
            continue
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"`[^`\n]*`", "", text)
        for target in LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = page if path == "" else page.parent / path
            if not file.exists():
                print(f"{page}: link to {target}: no such file")
                bad = 1
            elif anchor and file.suffix == ".md" and anchor not in headings(file):
                print(f"{page}: link to {target}: no such heading")
                bad = 1
    return bad


sys.exit(main())
