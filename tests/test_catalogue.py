"""The catalogue: its figures, counted a second time from the files themselves."""

from __future__ import annotations

import itertools
import resource
import time
from functools import cache, reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.twins.agreement import Data, Twin, holds, issues_in, point
from winset.analyses.agreement import CONCEPTS, run, sections
from winset.analyses.agreement.answers import AgreementResult
from winset.formats import load_case
from winset.formats.catalogue import catalogue
from winset.space.build import build_space
from winset.space.package import judge

CASES = Path(__file__).parent.parent / "cases"


def file_of(name: str) -> Data:
    """The case file as plain data, by PyYAML alone."""
    data: Data = yaml.safe_load((CASES / name / "case.yaml").read_text("utf-8"))
    return data


@cache
def result_of(name: str) -> AgreementResult:
    return run(load_case(name))


def test_every_folder_with_a_case_is_in_the_catalogue() -> None:
    assert set(catalogue()) == {file.parent.name for file in CASES.glob("*/case.yaml")}


@pytest.mark.parametrize("name", catalogue())
def test_every_case_can_be_analysed(name: str) -> None:
    result = result_of(name)
    assert result.case.id == name
    assert set(result.solutions) == {concept.id for concept in CONCEPTS}
    assert len(sections(load_case(name), result)) >= 3


# the flagship


def test_gaza_in_figures() -> None:
    result = result_of("gaza-2025-10")
    assert (result.zone.combinations, result.zone.of, result.zone.packages) == (331_776, 216_000, 617)
    assert result.parties == {"israel": 58, "hamas": 48}
    nash, kalai = result.solutions["nash"], result.solutions["kalai_smorodinsky"]
    assert nash.vectors[0].utilities == {"israel": 75.2, "hamas": 62.5}
    assert nash.objective == pytest.approx((75.2 - 58) * (62.5 - 48))
    assert kalai.vectors[0].utilities == {"israel": 73.24, "hamas": 64}
    assert result.solutions["egalitarian"].objective == pytest.approx(73.24 - 58)
    assert result.frontier.total == 8
    plan, reply = result.texts["plan"], result.texts["hamas_reply"]
    assert (plan.completions, plan.in_zone) == (30, 0)
    assert (reply.completions, reply.in_zone) == (54_000, 298)


class Grid:
    """Every combination of options as one array with an axis for each issue in play."""

    def __init__(self, data: Data, *, extended: bool = False) -> None:
        self.data = data
        self.issues = {
            name: list(issue["options"])
            for name, issue in data["issues"].items()
            if extended or issue.get("tier") != "extended"
        }
        self.shape = tuple(len(options) for options in self.issues.values())

    def along(self, issue: str, values: list[float]) -> np.ndarray:
        """Values by option of an issue, laid along its axis."""
        axis = list(self.issues).index(issue)
        return np.array(values, float).reshape([-1 if a == axis else 1 for a in range(len(self.shape))])

    def where(self, condition: str) -> np.ndarray:
        """Where a condition holds, looked up for every combination of the issues that it names."""
        named = sorted(issues_in(condition, self.issues), key=list(self.issues).index)
        held = np.zeros([len(self.issues[i]) if i in named else 1 for i in self.issues], bool)
        for places in itertools.product(*(range(len(self.issues[issue])) for issue in named)):
            at = dict(zip(named, places, strict=True))
            chosen = {issue: self.issues[issue][place] for issue, place in at.items()}
            held[tuple(at.get(issue, 0) for issue in self.issues)] = holds(condition, chosen)
        return held

    def in_play(self, condition: str) -> bool:
        return issues_in(condition, self.data["issues"]) <= set(self.issues)

    def feasible(self) -> np.ndarray:
        forbids = [c["forbid"] for c in self.data["constraints"] if self.in_play(c["forbid"])]
        return ~reduce(np.logical_or, map(self.where, forbids), np.zeros(self.shape, bool))

    def accepts(self, ref: str) -> np.ndarray:
        """Where a faction has no fewer points than its walk-away and crosses no red line."""
        given = self.data["preferences"][ref]
        total = sum(float(point(given["weights"][issue])) for issue in self.issues)
        points = np.zeros(self.shape)
        for issue, options in self.issues.items():
            scores = [float(point(given["scores"][issue][option])) for option in options]
            points = points + float(point(given["weights"][issue])) / total * self.along(issue, scores)
        accepted = points >= float(point(given["walk_away"])) - 5e-10
        for key, chance in given.get("red_lines", {}).items():
            condition = key.replace(".", " == ")
            if point(chance) >= 0.5 and self.in_play(condition):
                accepted = accepted & ~self.where(condition)
        return np.broadcast_to(accepted, self.shape)


def counted_zone(grid: Grid) -> int:
    """By what the file says of home: the Prime Minister; bureau and command both; and Washington."""
    parties = grid.data["parties"]
    assert parties["israel"]["speaks_for"] == parties["israel"]["ratification"]["faction"] == "pm"
    assert parties["hamas"]["speaks_for"] == "bureau"
    assert parties["hamas"]["ratification"]["all_of"] == [{"faction": "bureau"}, {"faction": "qassam"}]
    required = [name for name, who in grid.data["mediators"].items() if who["consent"] == "required"]
    assert required == ["us"]
    assert "table_rule" not in grid.data
    yes = [grid.accepts(ref) for ref in ("israel.pm", "hamas.bureau", "hamas.qassam", "us")]
    return int(reduce(np.logical_and, yes, grid.feasible()).sum())


def test_the_zone_of_gaza_counted_again_from_the_file() -> None:
    grid = Grid(file_of("gaza-2025-10"))
    assert "joint" not in grid.data
    assert grid.feasible().sum() == 216_000
    assert counted_zone(grid) == 617


def test_gaza_with_its_extended_issues() -> None:
    """27 times the packages: within seconds and a few hundred megabytes."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    result = run(load_case("gaza-2025-10"), extended=True)
    assert time.process_time() - start < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000, "kilobytes"
    assert (result.zone.combinations, result.zone.of) == (331_776 * 27, 216_000 * 27)
    assert result.zone.packages == counted_zone(Grid(file_of("gaza-2025-10"), extended=True))
    assert not any("left out" in caveat for caveat in result.caveats)
    assert len(result.solutions["nash"].vectors[0].packages[0]) == 13


# the teaching case


def test_two_villages_by_hand() -> None:
    """Council: 60% hours (100, 70, 0), 40% fee (0, 50, 100), walk-away 50. Lower: 70% hours (0, 40, 100),
    30% fee (100, 80, 20), walk-away 32, and 10 more for half the day at the low fee."""
    council = {
        (hours, fee): 0.6 * h + 0.4 * f
        for hours, h in {"none": 100, "dawn": 70, "half": 0}.items()
        for fee, f in {"free": 0, "low": 50, "high": 100}.items()
    }
    lower = {
        (hours, fee): 0.7 * h + 0.3 * f + 10 * ((hours, fee) == ("half", "low"))
        for hours, h in {"none": 0, "dawn": 40, "half": 100}.items()
        for fee, f in {"free": 100, "low": 80, "high": 20}.items()
    }
    zone = {x for x in council if council[x] >= 50 - 1e-9 and lower[x] >= 32 - 1e-9 and x != ("half", "free")}
    assert zone == {("dawn", "low"), ("dawn", "high")}
    result = result_of("two-villages")
    assert (result.zone.combinations, result.zone.of, result.zone.packages) == (9, 8, 2)
    assert result.parties == {"upper": 50, "lower": 32}
    points = {(p.packages[0]["hours"], p.packages[0]["fee"]): p.utilities for p in result.frontier.points}
    assert set(points) == zone
    for x, utilities in points.items():
        assert utilities == pytest.approx({"upper": council[x], "lower": lower[x]})
    best = {
        name: tuple(s.vectors[0].packages[0].values()) for name, s in result.solutions.items() if s.vectors
    }
    assert best["nash"] == best["egalitarian"] == best["kalai_smorodinsky"] == ("dawn", "low")
    assert best["utilitarian"] == ("dawn", "high")
    assert result.solutions["nash"].objective == pytest.approx((62 - 50) * (52 - 32))
    assert result.solutions["utilitarian"].objective == pytest.approx(82 + 34)
    assert result.solutions["egalitarian"].objective == pytest.approx(12)
    assert result.solutions["kalai_smorodinsky"].objective == pytest.approx(12 / 32)


def test_two_villages_arithmetic_of_one_package() -> None:
    judgement = judge(build_space(load_case("two-villages")), {"hours": "half", "fee": "low"})
    utilities = {verdict.ref: verdict.utility for verdict in judgement.factions}
    # The herders rank: weights 3/4 and 1/4; hours none, dawn, half score 100, 50, 0; fees high, low, free as well.
    assert utilities == pytest.approx({"upper.council": 20, "upper.herders": 12.5, "lower": 70 + 24 + 10})
    assert [term.points for term in judgement.factions[2].terms] == pytest.approx([70, 24, 10])
    assert not judgement.in_zone
    assert judgement.factions[0].short_by == 30


def test_two_villages_and_its_twin() -> None:
    """The file as PyYAML reads it, through the twin."""
    twin, result = Twin(file_of("two-villages")), result_of("two-villages")
    for name in (
        "nash",
        "kalai_smorodinsky",
        "egalitarian",
        "utilitarian",
        "compromise",
        "best_supported",
        "improved",
    ):
        expected: Any = getattr(twin, name)()
        found = [p for vector in result.solutions[name].vectors for p in vector.packages]
        assert found == expected.packages, name
    april = twin.text(twin.data["texts"]["april"]["package"])
    assert (result.texts["april"].completions, result.texts["april"].in_zone) == (
        len(april.completions),
        april.in_zone,
    )
