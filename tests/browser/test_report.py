"""The report in a browser: it loads nothing, runs nothing, fits its screen, and can be read without seeing it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests import awkward
from tests.pages import page, page_of
from winset.case.model import Case
from winset.formats.catalogue import catalogue

AWKWARD: dict[str, Callable[[], Case]] = {
    "attacked": awkward.attacked,
    "in-other-scripts": awkward.in_other_scripts,
    "60-issues": lambda: awkward.many_issues(60),
    "60-factions": lambda: awkward.many_factions(60),
}
WIDTHS = {"wide": 1280, "tablet": 768, "phone": 360}
A4: ViewportSize = {"width": 688, "height": 1009}  # what the margins leave of it, in CSS pixels

Opened = tuple[Page, list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(params=[*catalogue(), *AWKWARD], scope="module")
def report(request: pytest.FixtureRequest, folder: Path) -> Path:
    """A report as a file."""
    name = request.param
    file = folder / f"{name}.html"
    file.write_text(page_of(AWKWARD[name]()) if name in AWKWARD else page(name), encoding="utf-8")
    return file


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Opened]:
    """The report on a page, with everything it asked for or complained about."""
    page = browser.new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.goto(report.as_uri())
    yield page, heard
    page.close()


def ask(page: Page, script: str) -> Any:
    """What a script of ours answers: the page's own rules keep its scripts out, not the test's."""
    return page.evaluate(script)


def test_it_asks_for_nothing_and_runs_nothing(opened: Opened, report: Path):
    page, heard = opened
    assert heard == [report.as_uri()]
    assert ask(page, "document.title") != "pwned"
    assert ask(page, "document.scripts.length + document.images.length + document.forms.length") == 0
    assert ask(
        page,
        "[...document.querySelectorAll('*')].every(e => ![...e.attributes].some(a => /^on/.test(a.name)))",
    )


def test_it_fits_the_screen(opened: Opened):
    """Wide tables scroll in a box of their own; the page as a whole never does."""
    page, _ = opened
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        assert ask(page, "document.documentElement.scrollWidth") <= width, name
        clipped = ask(
            page,
            """[...document.querySelectorAll('h1, h2, h3, p, li, figcaption, summary')]
               .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
               .map(e => e.textContent.slice(0, 60))""",
        )
        assert clipped == [], name


def test_print_cuts_nothing_off(opened: Opened):
    page, _ = opened
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    over = ask(
        page,
        """[...document.querySelectorAll('table, figure, p, h2')]
           .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
           .map(e => e.tagName + ' ' + e.textContent.slice(0, 60))""",
    )
    assert over == []
    hidden = "[...document.querySelectorAll('details dl')].some(e => e.getBoundingClientRect().height === 0)"
    assert not ask(page, hidden), "a folded reason is not printed"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_keyboard_reaches_everything(opened: Opened):
    """First the way past the contents, then every link, fold and box that scrolls, with a visible focus."""
    page, _ = opened
    page.keyboard.press("Tab")
    assert ask(page, "document.activeElement.className") == "skip"
    assert ask(page, "document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**#in-short")
    unreachable = "[...document.querySelectorAll('.scroll, summary, a')].filter(e => e.tabIndex < 0).length"
    assert ask(page, unreachable) == 0
    summary = page.locator("summary").first
    if summary.count():
        summary.focus()
        page.keyboard.press("Enter")
        assert ask(page, "document.querySelector('details').open")
        assert ask(page, "getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_it_can_be_heard(opened: Opened):
    """Landmarks, one first heading, no level left out, names for charts and boxes, headers for cells."""
    page, _ = opened
    assert ask(page, "document.documentElement.lang") == "en"
    for landmark in ("header", "nav", "main", "footer"):
        assert page.locator(landmark).count() >= 1
    levels = ask(page, "[...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    nameless = "[...document.querySelectorAll('[role=img], [role=region]')].filter(e => !e.ariaLabel).length"
    assert ask(page, nameless) == 0
    assert ask(page, "[...document.querySelectorAll('th')].every(e => e.scope)")
    assert ask(
        page, "[...document.querySelectorAll('tbody tr:not(.why)')].every(r => r.cells[0].tagName === 'TH')"
    )
    doubled = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
    assert ask(page, doubled) == 0
    assert ask(
        page,
        "[...document.querySelectorAll('a[href]')].every(a => document.querySelector(a.getAttribute('href')))",
    )


def test_colours_can_be_told_apart(opened: Opened):
    """Text stands out from what lies behind it, at least 4.5 to 1 (WCAG 2.2), in every cell and sentence."""
    page, _ = opened
    faint = ask(
        page,
        """(() => {
          const parse = c => c.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
          const behind = e => { for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          return [...document.querySelectorAll('p, td, th, a, summary, dt, dd, h1, h2, h3, li, .mark, .line, code')]
            .filter(e => e.textContent.trim()).map(e => {
              const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
              return [(a + .05) / (b + .05), e.className + ' ' + e.textContent.slice(0, 40)]; })
            .filter(([ratio]) => ratio < 4.5).map(([ratio, what]) => ratio.toFixed(1) + ' ' + what);
        })()""",
    )
    assert faint == []


def test_names_run_in_their_own_direction(browser: Browser, folder: Path):
    case = awkward.in_other_scripts()
    file = folder / "directions.html"
    file.write_text(page_of(case), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    for name, direction in ((awkward.ARABIC, "rtl"), (awkward.HEBREW, "rtl"), (awkward.CHINESE, "ltr")):
        cell = page.locator("td, th").filter(has_text=name).first
        assert cell.evaluate("e => getComputedStyle(e).direction") == direction
    page.close()
