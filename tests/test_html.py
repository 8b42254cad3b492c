"""The page as text: complete, self-contained, the same every time, and with nobody else's markup in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import winset
from tests import awkward
from tests.helpers import SMALL, as_yaml, case_of, edited, plain, small
from winset.analyses.sections import Matrix, Outcome, Outcomes, Spans
from winset.case.claims import claims
from winset.case.model import Case
from winset.formats import load_case
from winset.formats.catalogue import catalogue
from winset.report import charts, dossier, matrix, provenance

VOID = {"meta", "br", "img", "link", "hr", "input"}


class Reader(HTMLParser):
    """Every tag must be closed in its turn; what can load or run is collected."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.loads: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name in {"src", "srcset", "data", "action"} or name.startswith("on"):
                self.loads.append(f"{name}={value}")
            if name in {"href", "xlink:href"} and not str(value).startswith("#"):
                self.loads.append(f"{name}={value}")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page_of(case: Case) -> str:
    return winset.render(case, [winset.analyse(case, a.id) for a in winset.ANALYSES], "html")


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", catalogue())
def test_every_case_makes_a_sound_page(name: str):
    page = page_of(load_case(name))
    reader = read(page)
    assert reader.loads == []
    assert not {"script", "iframe", "object", "embed", "link", "form", "img"} & set(reader.seen)
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert len(page) < 1_000_000


def test_the_page_says_what_was_found():
    page = " ".join(" ".join(read(page_of(load_case("gaza-2025-10"))).text).split())
    for said in (
        "Yes: 617 packages are acceptable to all who must consent, of 216,000",
        "does not make a deal likely",
        "At least 3 settled issues must change before a package is acceptable",
        "changes hostages, guarantee and weapons",
        "No change of one issue turns a refuser without losing somebody who accepts.",
        "Political bureau (Hamas) and Military command in Gaza (Hamas) refuse it",
        "Adjusted Winner",
        "Putnam 1988",
    ):
        assert said in page, said
    for unsaid in ("probab", "likelihood", "% chance"):
        assert unsaid not in page.lower().replace("does not make a deal likely", ""), unsaid


def test_numbers_have_no_decimals():
    """Points are whole; what has a decimal is a version, a date, a price or a text of the case's own."""
    for name in catalogue():
        case = load_case(name)
        for section in dossier.full(case, [winset.analyse(case, a.id) for a in winset.ANALYSES]):
            for part in section.parts:
                rows = getattr(part, "rows", getattr(getattr(part, "table", None), "rows", ()))
                for cell in (cell for row in rows for cell in row):
                    text = getattr(cell, "text", cell)
                    assert not re.fullmatch(r"\d+\.\d+", text), (section.title, text)


def test_markup_in_a_case_stays_text():
    page = page_of(awkward.attacked())
    reader = read(page)
    assert "script" not in reader.seen
    assert "img" not in reader.seen
    assert reader.loads == []
    assert awkward.ATTACK in "".join(reader.text)
    assert awkward.MARKUP in "".join(reader.text)


def test_charts_keep_markup_as_text():
    names = (awkward.ATTACK, awkward.MARKUP)
    outcome = Outcome(awkward.MARKUP, (1.0, 2.0), (1.0, 2.0))
    plane = Outcomes(names, (0.0, 0.0), (outcome,), ((3.0, 1.0),), awkward.ATTACK)
    spans = Spans("Points", "Walk-away", ((awkward.ATTACK, 1.0, 2.0, 3.0),))
    for chart in (plane, spans):
        reader = read(charts.svg(chart))
        assert "script" not in reader.seen
        assert "img" not in reader.seen


@pytest.mark.parametrize("parties", [1, 2, 3, 9])
def test_charts_for_any_number_of_parties(parties: int):
    axes = tuple(f"Party {i}" for i in range(parties))
    values = tuple(50.0 + i for i in range(parties))
    shown = tuple(Outcome(f"Answer {i}", values, values) for i in range(12))
    text = "".join(read(charts.svg(Outcomes(axes, values, shown, (values,), "The frontier"))).text)
    for name in (*(o.name for o in shown), "The frontier"):
        assert name in text
    assert all(axis in text for axis in axes)


@pytest.mark.parametrize(
    "make", [awkward.in_other_scripts, lambda: awkward.many_issues(60), lambda: awkward.many_factions(60)]
)
def test_awkward_cases_make_sound_pages(make):
    page = page_of(make())
    assert read(page).loads == []
    assert len(page) < 1_000_000


def test_names_in_other_scripts_are_whole():
    page = page_of(awkward.in_other_scripts())
    for name in (awkward.ARABIC, awkward.HEBREW, awkward.CHINESE, awkward.LONG):
        assert name in page


def test_a_case_without_texts_or_calendar():
    data = plain(SMALL)
    for key in ("texts", "on_the_table", "calendar", "cautions", "facts", "sources", "levers"):
        del data[key]
    page = page_of(case_of(as_yaml(data)))
    assert "What each wants, option by option" in page
    for left_out in ("Calendar and pressure", "Cautions", "Texts</h2>"):
        assert left_out not in page


def test_a_forbidden_text_is_said_to_be_impossible():
    case = case_of(edited(SMALL, ("package: {hours: dawn, fee: low}", "package: {hours: half, fee: free}")))
    page = page_of(case)
    assert "cannot be as it stands: forbidden by" in page


def test_the_same_case_makes_the_same_page():
    assert page_of(small()) == page_of(small())


def test_no_matrix_is_wider_than_eight_factions():
    parts = matrix.section(awkward.many_factions(60)).parts
    widths = [len(part.columns) for part in parts if isinstance(part, Matrix)]
    assert sum(widths) == 60 + 1
    assert max(widths) == 8


def test_red_lines_and_sources_stand_in_the_matrix():
    text = edited(
        SMALL,
        (
            "hours.half: 0.4",
            "hours.half: 0.4, hours.dawn: 0.5, hours.none: 0, fee.high: 0.9, fee == low and hours == none: 1",
        ),
        (
            "fee: {free: 0, low: 50, high: 100}\n    red",
            "fee: {free: 0, low: {low: 40, mode: 50, high: 60, source: minutes}, high: 100}\n    red",
        ),
    )
    section = matrix.section(case_of(text))
    assert isinstance(section.parts[0], Matrix)
    scores = {o: row[0] for block in section.parts[0].blocks for o, _, row in block.options}
    assert [scores[o].line for o in ("none", "dawn", "half", "high")] == [
        "",
        "red line",
        "possible red line",
        "red line",
    ]
    assert (scores["low"].sourced, scores["free"].sourced) == (True, False)
    assert (scores["low"].text, scores["low"].level) == ("50 (40–60)", 0.5)
    assert section.parts[0].blocks[0].weights[0] == "60%"
    ranked = [row[1] for _, _, row in section.parts[0].blocks[0].options]
    assert [(score.text, score.level) for score in ranked] == [("rank 1", 1), ("rank 2", 0.5), ("rank 3", 0)]
    notes = [part.text for part in section.parts if hasattr(part, "text")]
    assert any("fee = low and hours = none" in note for note in notes)


def test_claims_take_the_nearest_source():
    text = edited(
        SMALL,
        (
            "  upper.council:\n    walk_away: [40, 50, 60]",
            "  upper.council:\n    source: minutes\n    walk_away: {low: 40, mode: 50, high: 60, source: judgement}",
        ),
        ("title: Hours of access\n", "title: Hours of access\n    source: [minutes, judgement]\n"),
    )
    found = {claim.path: claim for claim in claims(case_of(text))}
    assert found["preferences", "upper.council", "walk_away"].sources == ("judgement",)
    assert found["preferences", "upper.council", "weights", "hours"].sources == ("minutes",)
    assert found["preferences", "lower", "walk_away"].judged
    assert not found["preferences", "lower", "walk_away"].sourced
    option = found["issues", "hours", "options", "dawn"]
    assert (option.sourced, option.judged) == (True, True)
    assert found["facts", 0].kind == "statement"
    assert ("parties", "lower", "power") not in found, "a default is nobody's claim"


def test_the_tally_adds_up():
    for name in catalogue():
        case = load_case(name)
        numbers = [claim for claim in claims(case) if claim.kind == "number"]
        said = provenance.section(case).lead[0].text
        counts = [int(count.replace(",", "")) for count in re.findall(r"[\d,]*\d", said)]
        assert counts[0] == len(numbers)
        assert sum(counts[1:]) == counts[0]


def test_report_is_written_whole_or_not_at_all(tmp_path: Path):
    from tests.test_cli import winset as run

    done = run(
        "analyse", "two-villages", "--html", str(tmp_path / "r.html"), "--json", str(tmp_path / "r.json")
    )
    assert done.returncode == 0
    assert {file.name for file in tmp_path.iterdir()} == {"r.html", "r.json"}
    assert f"Written: {tmp_path / 'r.html'}" in done.stdout
    out = run("analyse", "two-villages", "--html", "-")
    assert out.stdout == (tmp_path / "r.html").read_text("utf-8")
    both = run("analyse", "two-villages", "--html", "-", "--json", "-")
    assert both.returncode == 2
    assert "standard output" in both.stderr
    missing = run("analyse", "two-villages", "--html", str(tmp_path / "no" / "r.html"))
    assert missing.returncode == 2
    assert "no such folder" in missing.stderr
    assert not (tmp_path / "no").exists()
