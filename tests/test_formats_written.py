"""Cases written in the formats of the field, and the command that converts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commandline import run_winset
from tests.helpers import FULL, VILLAGES, case_of, edited, small
from tests.scenarios import (
    DOMAIN,
    LOG,
    PROFILE,
    SAVES,
    WEB,
    assert_same,
    genius,
    jsons,
    random_packages,
    web,
    worth,
)
from winset import analyse, load_case
from winset.case import model
from winset.errors import CaseError
from winset.formats import FORMATS, geniusweb, negolog, own
from winset.formats import genius as genius_format
from winset.formats.losses import HELD, LOST
from winset.space.build import build_space


def test_every_key_of_a_case_is_held_or_known_to_be_lost():
    for name in HELD:
        fields = set(getattr(model, name).model_fields)
        assert fields == HELD[name] | LOST[name].keys()
        assert not HELD[name] & LOST[name].keys()


def test_formats_round_trip_what_they_hold(tmp_path: Path):
    web_case = load_case(jsons(tmp_path / "web", WEB, web(reservationBid=None)))
    log_case = load_case(jsons(tmp_path / "log", LOG))
    xml_case = load_case(genius(tmp_path / "xml", DOMAIN, PROFILE, PROFILE))
    for case, name, folder in (
        (web_case, "geniusweb", "web"),
        (log_case, "negolog", "log"),
        (xml_case, "genius", "xml"),
    ):
        (tmp_path / "again").mkdir(exist_ok=True)
        assert SAVES[name](case, tmp_path / "again" / folder) == ()
        again = load_case(tmp_path / "again" / folder)
        assert_same(case, again)
        assert {r: p.note for r, p in again.preferences.items()} == {
            r: p.note for r, p in case.preferences.items()
        }


def test_awkward_names_survive(tmp_path: Path):
    names = ["a<b>&\"'c", "  spaced ", "قرية", "in", "a\tb", "and", "A<B>&\"'C"]
    profile: dict[str, Any] = {
        "issueWeights": dict.fromkeys(names, 1 / 7),
        "issues": {n: dict.fromkeys(names, 0.5) for n in names},
    }
    profile["issues"]["in"]["and"] = 1.0
    case = load_case(jsons(tmp_path / "a", profile))
    for name, save in (
        ("negolog", SAVES["negolog"]),
        ("geniusweb", SAVES["geniusweb"]),
        ("genius", SAVES["genius"]),
    ):
        (tmp_path / name).mkdir()
        save(case, tmp_path / name / "a", lossy=name == "genius")
        again: Any = load_case(tmp_path / name / "a")
        assert [i.title for i in again.issues.values()] == names
        for issue in again.issues.values():
            assert [option.label for option in issue.options.values()] == names


def test_integer_issues_that_are_kept_within_0_and_1_come_back(tmp_path: Path):
    for number, (offset, slope) in enumerate(
        [(-0.5, 0.4), (1.5, -0.4), (0.3, 0.0), (-3.5, 4.0), (0.1, 0.05)]
    ):
        profile = edited(PROFILE, ('offset="0.2"', f'offset="{offset}"'), ('slope="0.3"', f'slope="{slope}"'))
        case = load_case(genius(tmp_path / f"{number}", DOMAIN, profile))
        (tmp_path / f"again{number}").mkdir()
        target = tmp_path / f"again{number}" / f"{number}"
        assert SAVES["genius"](case, target) == ()
        assert "integer" in (target / "domain.xml").read_text()
        assert_same(case, load_case(target))


def test_geniusweb_weights_sum_to_exactly_1(tmp_path: Path):
    thirds = {
        **LOG,
        "issueWeights": {"Fee": 1 / 3, "Site": 2 / 3},
        "reservationValue": 0,
        "discountFactor": 1,
    }
    SAVES["geniusweb"](load_case(jsons(tmp_path / "a", thirds)), tmp_path / "b", lossy=True)
    written = json.loads((tmp_path / "b" / "side0.json").read_text(), parse_float=lambda text: text)
    weights = written["LinearAdditiveUtilitySpace"]["issueWeights"].values()
    digits = [int(weight.removeprefix("0.").ljust(15, "0")) for weight in weights]
    assert sum(digits) == 10**15


def losses(save: Any, case: Any, path: Path) -> str:
    with pytest.raises(CaseError) as caught:
        save(case, path)
    assert not path.exists()
    assert all(fault.way_out for fault in caught.value.faults)
    return str(caught.value)


@pytest.mark.parametrize("name", ["genius", "geniusweb", "negolog"])
def test_what_a_format_cannot_hold_is_refused_in_words(name: str, tmp_path: Path):
    told = losses(SAVES[name], case_of(FULL, id="full"), tmp_path / "a")
    for kind in LOST:
        for key, what in LOST[kind].items():
            assert what in told or key == "role", told  # it has no observer
    for what in ("sources", "factions", "ranges of numbers", "extended issues"):
        assert what in told
    said = "\n".join(SAVES[name](case_of(FULL, id="full"), tmp_path / "a", lossy=True))
    assert "lost: ratification rules (parties.north.ratification)" in said
    again: Any = load_case(tmp_path / "a")
    assert [party.name for party in again.parties.values()] == ["North", "South"]
    assert list(again.issues) == ["land"]


def test_orders_are_written_as_the_numbers_that_the_space_takes(tmp_path: Path):
    case = case_of("""\
winset: 1
title: Orders
as_of: 2026-05-01
parties: {a: {name: a}}
issues: {x: {title: x, options: {p: p, q: q, r: r}}, y: {title: y, options: {p: p, q: q}}, z: {title: z, options: {p: p, q: q}}}
preferences:
  a: {walk_away: 0, weights: {order: [y, [x, z]]}, scores: {x: {order: [r, [p, q]]}, y: {order: [[p, q]]}, z: {p: 1, q: 2}}}
""")
    assert "orders in place of numbers" in losses(SAVES["geniusweb"], case, tmp_path / "a")
    SAVES["geniusweb"](case, tmp_path / "a", lossy=True)
    again = load_case(tmp_path / "a")
    ours, theirs = build_space(case), build_space(again)
    for mine, other in zip(ours.blocks, theirs.blocks, strict=True):
        assert other.utilities == pytest.approx(mine.utilities, abs=1e-10)


def test_lossy_keeps_what_is_acceptable(tmp_path: Path):
    """GENIUS reads the best option of an issue as 1: gains stay in proportion, so consent and Nash do."""
    text = """\
winset: 1
title: Plain
as_of: 2026-05-01
parties: {a: {name: a}, b: {name: b}}
issues: {x: {title: x, options: {p: p, q: q}}, y: {title: y, options: {r: r, s: s}}}
preferences:
  a: {walk_away: 40, weights: {x: 1, y: 3}, scores: {x: {p: 80, q: 10}, y: {r: 0, s: 50}}}
  b: {walk_away: 30, weights: {x: 1, y: 1}, scores: {x: {p: 0, q: 90}, y: {r: 60, s: 30}}}
"""
    case = case_of(text)
    assert "best scores of an issue below 100" in losses(SAVES["genius"], case, tmp_path / "a")
    SAVES["genius"](case, tmp_path / "a", lossy=True)
    one: Any = analyse(case, "agreement")
    other: Any = analyse(load_case(tmp_path / "a"), "agreement")
    assert one.zone == other.zone
    assert [v.packages for v in one.solutions["nash"].vectors] == [
        v.packages for v in other.solutions["nash"].vectors
    ]
    for name in ("geniusweb", "negolog"):
        SAVES[name](case, tmp_path / name, lossy=True)
        again = load_case(tmp_path / name)
        for package in random_packages(case):
            assert worth(again, "a", package) == pytest.approx(worth(case, "a", package), abs=1e-12)


def test_a_walk_away_that_is_no_bid_is_not_dropped_in_silence(tmp_path: Path):
    case = load_case(jsons(tmp_path / "a", LOG))
    told = losses(SAVES["geniusweb"], case, tmp_path / "b")
    assert "walk-aways that no reservation bid" in told
    assert "discount factors" in told


def test_nothing_is_written_over(tmp_path: Path):
    case = load_case(jsons(tmp_path / "a", LOG))
    with pytest.raises(FileExistsError):
        SAVES["negolog"](case, tmp_path / "a")
    (tmp_path / "b").mkdir()
    SAVES["negolog"](case, tmp_path / "b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_case_without_preferences_cannot_be_written(tmp_path: Path):
    bare = case_of("winset: 1\ntitle: T\nparties: {a: {name: A}}\n")
    assert "there is no scenario to write" in losses(SAVES["genius"], bare, tmp_path / "a")


def test_every_format_is_listed_once_and_after_own():
    assert [form.id for form in FORMATS] == [own.ID, genius_format.ID, geniusweb.ID, negolog.ID]


# The command line.


def test_convert_says_what_is_noted_and_what_is_lost(tmp_path: Path):
    genius(tmp_path / "lease", DOMAIN, PROFILE, PROFILE)
    done = run_winset("convert", "lease", "lease.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "side_0: discount factor 0.75 in the file; not applied" in done.stdout
    assert "Written: lease.yaml" in done.stdout
    again: Any = load_case(tmp_path / "lease.yaml")
    assert_same(load_case(tmp_path / "lease"), again)
    done = run_winset("convert", "lease.yaml", "back", "--to", "genius", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    done = run_winset("convert", "lease.yaml", "web", "--to", "geniusweb", cwd=tmp_path)
    assert done.returncode == 1
    assert "GeniusWeb JSON cannot hold discount factors (side 0, side 1); with --lossy" in " ".join(
        done.stderr.split()
    )
    done = run_winset("convert", "lease.yaml", "web", "--to", "geniusweb", "--lossy", cwd=tmp_path)
    assert done.returncode == 0
    assert "lost: discount factors" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["case.yaml", "folder"], 2, "say --to with one of winset, genius"),
        (["case.yaml", "folder", "--to", "genus"], 2, "did you mean 'genius'?"),
        (["case.yaml", "case.yaml"], 2, "is there already"),
        (["nowhere.yaml", "b.yaml"], 2, "there is no such file"),
        (["case.yaml", "no/such/folder", "--to", "genius", "--lossy"], 2, "there is no such folder"),
    ],
)
def test_convert_says_the_way_out(words: list[str], code: int, says: str, tmp_path: Path):
    (tmp_path / "case.yaml").write_text(VILLAGES)
    done = run_winset("convert", *words, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_scenario_is_analysed_as_it_is(tmp_path: Path):
    genius(tmp_path / "lease", DOMAIN, PROFILE, PROFILE)
    done = run_winset("analyse", "lease", "--only", "agreement", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "of 20" in done.stdout
    assert run_winset("check", "lease", cwd=tmp_path).returncode == 0
    assert run_winset("show", "lease", cwd=tmp_path).returncode == 0


def test_reading_leaves_the_small_case_alone(tmp_path: Path):
    before = small().model_dump()
    SAVES["negolog"](small(), tmp_path / "a", lossy=True)
    assert small().model_dump() == before
