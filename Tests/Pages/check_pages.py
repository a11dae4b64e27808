# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Opens every page of a folder in a real browser, on a phone's and a desk's width, light and dark, and on paper.

    check_pages.py FOLDER [--only TEXT] [--pictures FOLDER]

Looked at: nothing is asked of anywhere else, the console stays silent, nothing scrolls sideways, axe finds no
violation (tables behind charts opened), and the PDF holds every figure that the page shows; what is a letter or an
order fits on one sheet.
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Request, sync_playwright

# The width of the window, and the scheme: every width and every scheme once, and axe measures contrast in both.
VIEWS: list[tuple[int, Literal["light", "dark"]]] = [(360, "light"), (1280, "dark")]
# What paper has to hold: the figures of a report, the tables behind its charts included, and every sentence of what is
# sent to somebody.
FIGURES = ".range, .big, .tile b, td.number, svg .value, .sheet dd, .sheet h1, .sheet p, .sheet li"
# Letters and orders are one sheet; the sheet of a case may go on.
ONE_SHEET = ("letter-", "aloud-", "order-")


def plain(text: str) -> str:
    """The text without what typesetting changes: white space, hyphens at the end of a line, ligatures."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in "\u00ad\u2010-")


class View:
    """A window of one width in one scheme, in which one page after the other is opened."""

    def __init__(self, browser: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
        self.name = f"{width}-{scheme}"
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.faults: list[str] = []
        self.address = ""
        self.page.on("console", lambda message: self.faults.append(f"console: {message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", self.asked)

    def asked(self, request: Request) -> None:
        if request.url != self.address:
            self.faults.append(f"asks for {request.url}")

    def open(self, path: pathlib.Path) -> None:
        self.faults = []
        self.address = path.as_uri()
        self.page.goto(self.address)


def looked_at(view: View, path: pathlib.Path, pictures: pathlib.Path | None) -> list[str]:
    view.open(path)
    if pictures:
        view.page.screenshot(path=pictures / f"{path.stem}-{view.name}.png", full_page=True)
    for state in ("closed", "open"):
        view.page.evaluate("open => document.querySelectorAll('details').forEach(d => d.open = open)", state == "open")
        over = view.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            view.faults.append(f"scrolls sideways by {over} px, details {state}")
    for violation in Axe().run(view.page).response["violations"]:
        where = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
        view.faults.append(f"axe: {violation['id']}: {violation['help']}: {where}")
    return [f"{view.name}: {fault}" for fault in view.faults]


def printed(view: View, path: pathlib.Path, folder: pathlib.Path) -> list[str]:
    faults: list[str] = []
    view.open(path)
    pdf = folder / "page.pdf"
    view.page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    figures: list[str] = view.page.eval_on_selector_all(FIGURES, "elements => elements.map(e => e.textContent)")
    text = plain(subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout)
    raw = plain(subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout)
    if not figures:
        faults.append("shows no figure")
    lost = sorted({figure.strip() for figure in figures if plain(figure) not in text and plain(figure) not in raw})
    faults += [f"the PDF lacks {figure!r}" for figure in lost[:10]]
    info = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    sheets = next(int(line.split()[1]) for line in info.splitlines() if line.startswith("Pages:"))
    if path.name.startswith(ONE_SHEET) and sheets != 1:
        faults.append(f"takes {sheets} sheets of paper")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--pictures", type=pathlib.Path, help="write a picture of each view here")
    options = parser.parse_args()
    browser_path = shutil.which("chromium")
    paths = sorted(path.resolve() for path in options.folder.glob("*.html") if options.only in path.name)
    if not browser_path or not paths:
        print(f"pages: {'no chromium in PATH' if not browser_path else 'no page to look at'}", file=sys.stderr)
        return 66
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        # Without the sandbox: it needs namespaces that a container may not give, and the pages are our own.
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        views = [View(browser, width, scheme) for width, scheme in VIEWS]
        for path in paths:
            faults = [fault for view in views for fault in looked_at(view, path, options.pictures)]
            faults += printed(views[-1], path, pathlib.Path(folder))
            for fault in faults:
                print(f"{path.name}: {fault}", file=sys.stderr)
            failed += bool(faults)
        browser.close()
    print(f"pages: {len(paths)} looked at on {len(VIEWS)} screens and on paper; {failed} with faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
