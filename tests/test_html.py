"""The page as text: complete, self-contained, the same every time, and with nobody else's markup in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import awkward
from tests.commandline import run_winset
from tests.helpers import SMALL, as_yaml, case_of, edited, plain, small
from tests.pages import answered, page, page_of
from winset.analyses import analyse_all, by_default
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


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", catalogue())
def test_every_case_makes_a_sound_page(name: str):
    text = page(name)
    reader = read(text)
    assert reader.loads == []
    assert not {"script", "iframe", "object", "embed", "link", "form", "img"} & set(reader.seen)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert len(text) < 1_000_000


def test_the_page_says_what_was_found():
    text = " ".join(" ".join(read(page("gaza-2025-10")).text).split())
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
        assert said in text, said
    for unsaid in ("probab", "likelihood", "% chance"):
        assert unsaid not in text.lower().replace("does not make a deal likely", ""), unsaid


def test_numbers_have_no_decimals():
    """Points are whole; what has a decimal is a version, a date, a price or a text of the case's own."""
    for name in catalogue():
        for section in dossier.full(*answered(name)):
            for part in section.parts:
                rows = getattr(part, "rows", getattr(getattr(part, "table", None), "rows", ()))
                for cell in (cell for row in rows for cell in row):
                    text = getattr(cell, "text", cell)
                    assert not re.fullmatch(r"\d+\.\d+", text), (section.title, text)


def test_markup_in_a_case_stays_text():
    reader = read(page_of(awkward.attacked()))
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
    text = page_of(make())
    assert read(text).loads == []
    assert len(text) < 1_000_000


def test_names_in_other_scripts_are_whole():
    text = page_of(awkward.in_other_scripts())
    for name in (awkward.ARABIC, awkward.HEBREW, awkward.CHINESE, awkward.LONG):
        assert name in text


def test_a_case_without_texts_or_calendar():
    data = plain(SMALL)
    for key in ("texts", "on_the_table", "calendar", "cautions", "facts", "sources", "levers"):
        del data[key]
    text = page_of(case_of(as_yaml(data)))
    assert "What each wants, option by option" in text
    for left_out in ("Calendar and pressure", "Cautions", "Texts</h2>"):
        assert left_out not in text


def test_a_forbidden_text_is_said_to_be_impossible():
    case = case_of(edited(SMALL, ("package: {hours: dawn, fee: low}", "package: {hours: half, fee: free}")))
    text = page_of(case)
    assert "cannot be as it stands: forbidden by" in text
    assert "to make it acceptable as it stands" not in text, "no price makes possible what cannot be"


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
    assert (scores["low"].rests_on, scores["free"].rests_on) == ("a source", "judgement")
    assert (scores["low"].text, scores["low"].level) == ("50 (40–60)", 0.5)
    assert section.parts[0].blocks[0].weights[0].text == "60%"
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
        said = provenance.section(case, case).lead[0].text
        counts = [int(count.replace(",", "")) for count in re.findall(r"[\d,]*\d", said)]
        assert counts[0] == len(numbers)
        assert sum(counts[1:]) == counts[0]


def test_report_is_written_whole_or_not_at_all(tmp_path: Path):
    done = run_winset(
        "analyse", "two-villages", "--html", str(tmp_path / "r.html"), "--json", str(tmp_path / "r.json")
    )
    assert done.returncode == 0
    assert {file.name for file in tmp_path.iterdir()} == {"r.html", "r.json"}
    assert f"Written: {tmp_path / 'r.html'}" in done.stdout
    out = run_winset("analyse", "two-villages", "--html", "-")
    assert out.stdout == (tmp_path / "r.html").read_text("utf-8")
    both = run_winset("analyse", "two-villages", "--html", "-", "--json", "-")
    assert both.returncode == 2
    assert "same place" in both.stderr
    missing = run_winset("analyse", "two-villages", "--html", str(tmp_path / "no" / "r.html"))
    assert missing.returncode == 2
    assert "no such folder" in missing.stderr
    assert not (tmp_path / "no").exists()


def lead_of(case: Case, *names: str) -> str:
    results = analyse_all(case, names or by_default(case))
    return " ".join(part.text for part in dossier.full(case, results)[0].parts if hasattr(part, "text"))


@pytest.mark.parametrize("names", [("agreement",), ("sticking",), ()])
def test_no_summary_is_without_its_caution(names: tuple[str, ...]):
    assert "does not make a deal likely" in lead_of(load_case("two-villages"), *names)
    assert "does not make a deal impossible" in lead_of(load_case("camp-david-2000"), *names)


def test_the_cheapest_ways_are_all_named():
    """One way must not be singled out where another side could as well give way at the same cost."""
    said = lead_of(load_case("camp-david-2000"))
    assert "(1) Leadership of the PLO (Palestinians) lifts its red line" in said
    assert "(2) Prime Minister (Israel) lifts its red line" in said


def test_whose_gains_do_not_count_is_said():
    data = plain(SMALL)
    data["objective"] = "upper"
    said = (
        "Only gains of Upper village count in the standards and on the frontier, not those of Lower village."
    )
    assert said in lead_of(case_of(as_yaml(data)))
    assert "Only gains" not in lead_of(small())


def test_a_near_miss_is_seen():
    """Points that round to the walk-away are not shown as if they reached it."""
    case = case_of(edited(SMALL, ("    walk_away: 32\n    noise: 4", "    walk_away: 52.4\n    noise: 4")))
    text = page_of(case)
    assert "just under 52" in text
    assert "less than a point" in text
    assert "by 1 point, to 52" in text


def test_unacceptable_answers_are_marked_in_the_chart():
    assert "Compromise (not acceptable)" in page("gaza-2025-10")
    assert "Text on the table (not acceptable)" in page("gaza-2025-10")


def test_only_decisive_refusers_stand_in_the_summary():
    said = lead_of(load_case("camp-david-2000"))
    assert "Leadership of the PLO (Palestinians) refuses it, however what is open is settled" in said
    assert "Likud and settlers" not in said
    assert "refuse it" not in lead_of(load_case("panama-1977")), "the drafts can pass without them"


def test_what_is_in_play_is_told_from_what_is_in_the_case():
    assert "Of 797 numbers in play" in lead_of(load_case("gaza-2025-10"))
    assert "numbers in the case" in lead_of(load_case("two-villages"))
