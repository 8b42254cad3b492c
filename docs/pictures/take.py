"""Pictures of the report, taken with a headless Chromium: `make pictures`.

Every case of the catalogue is pictured wide, narrow and printed into build/pictures, to be looked at; the
two in the README are cut from the flagship's page.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import winset
from winset.analyses import analyse_all, by_default
from winset.formats.catalogue import catalogue

HERE = Path(__file__).parent
LOOKED_AT = HERE.parent.parent / "build" / "pictures"
IN_README = "gaza-2025-10"
WIDE, NARROW = 1100, 390
SUMMARY, CHART = HERE / "report.png", HERE / "frontier.png"


def main() -> None:
    """Take all pictures; say where they are."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium was found. On Debian or Ubuntu: apt install chromium. Then run this again.")
    LOOKED_AT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in catalogue():
            _picture(browser, name)
        browser.close()
    sys.stdout.write(f"Pictures: {LOOKED_AT}; in the README: {HERE}\n")


def _picture(browser: Browser, name: str) -> None:
    case = winset.load_case(name)
    page_file = LOOKED_AT / f"{name}.html"
    results = analyse_all(case, by_default(case))
    page_file.write_text(winset.render(case, results, "html"), encoding="utf-8")
    for kind, width in (("wide", WIDE), ("narrow", NARROW)):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(page_file.as_uri())
        page.screenshot(path=LOOKED_AT / f"{name}-{kind}.png", full_page=True)
        if (name, kind) == (IN_README, "wide"):
            _for_readme(page)
        if kind == "wide":
            page.pdf(path=LOOKED_AT / f"{name}.pdf", prefer_css_page_size=True)
        page.close()
    _pages_of(LOOKED_AT / f"{name}.pdf")


def _for_readme(page: Page) -> None:
    top = page.locator("section.short").bounding_box()
    assert top is not None
    page.screenshot(
        path=SUMMARY, clip={"x": 0, "y": 0, "width": WIDE, "height": top["y"] + top["height"] + 16}
    )
    page.locator(".chart svg").last.screenshot(path=CHART)


def _pages_of(pdf: Path) -> None:
    """The printed pages as pictures, where pdftoppm is at hand."""
    tool = shutil.which("pdftoppm")
    if tool is not None:
        subprocess.run([tool, "-r", "60", "-png", pdf, pdf.with_suffix("")], check=True)


if __name__ == "__main__":
    main()
