# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Opens every page of a folder in a real browser, on a phone's and a desk's width, light and dark, and on paper.

    check_pages.py FOLDER [--only TEXT] [--pictures FOLDER]

Looked at: nothing is asked of anywhere else, the console stays silent, nothing scrolls sideways, axe finds no violation (tables behind charts
opened), and the PDF holds every figure that the page shows; what is a letter or an order fits on one sheet.
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unicodedata

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

# The width of the window, and the scheme: every width and every scheme once, and axe measures contrast in both.
VIEWS = [(360, "light"), (1280, "dark")]
# What a page shows as a figure, the tables behind the charts included.
FIGURES = ".range, .big, .tile b, td.number, svg .value, dd, .name, .statement, .order"
# Letters and orders are one sheet; the sheet of a case may go on.
ONE_SHEET = ("letter-", "aloud-", "order-")


def plain(text: str) -> str:
    """The text without what typesetting changes: white space, hyphens at the end of a line, ligatures."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in "\u00ad\u2010-")


def opened(browser: Browser, path: pathlib.Path, width: int, scheme: str, faults: list[str]) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")

    def told(message: ConsoleMessage) -> None:
        faults.append(f"console: {message.type}: {message.text}")

    page.on("console", told)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("request", lambda request: None if request.url == path.as_uri() else faults.append(f"asks for {request.url}"))
    page.goto(path.as_uri())
    return page


def looked_at(browser: Browser, path: pathlib.Path, pictures: pathlib.Path | None) -> list[str]:
    faults: list[str] = []
    for width, scheme in VIEWS:
        page = opened(browser, path, width, scheme, faults)
        if pictures:
            page.screenshot(path=pictures / f"{path.stem}-{width}-{scheme}.png", full_page=True)
        for state in ("closed", "open"):
            page.evaluate("open => document.querySelectorAll('details').forEach(d => d.open = open)", state == "open")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                faults.append(f"scrolls sideways by {over} px at {width} px, details {state}")
        # Colours change with a transition nowhere, so what axe measures is what is seen.
        for violation in Axe().run(page).response["violations"]:
            where = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
            faults.append(f"axe at {width} px, {scheme}: {violation['id']}: {violation['help']}: {where}")
        page.close()
    return faults


def printed(browser: Browser, path: pathlib.Path, folder: pathlib.Path) -> list[str]:
    faults: list[str] = []
    page = opened(browser, path, 1280, "light", faults)
    pdf = folder / f"{path.stem}.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    figures: list[str] = page.eval_on_selector_all(FIGURES, "elements => elements.map(e => e.textContent)")
    page.close()
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
        for path in paths:
            faults = looked_at(browser, path, options.pictures) + printed(browser, path, pathlib.Path(folder))
            for fault in faults:
                print(f"{path.name}: {fault}", file=sys.stderr)
            failed += bool(faults)
        browser.close()
    print(f"pages: {len(paths)} looked at on {len(VIEWS)} screens and on paper; {failed} with faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
