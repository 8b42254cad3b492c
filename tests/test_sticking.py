"""What stands in the way, against brute force over sets and changes."""

from __future__ import annotations

import sys
from fractions import Fraction
from random import Random
from typing import Any

import pytest

import winset
from tests.generators import random_case, to_case
from tests.twins.sticking import Sticking
from winset.analyses import analyse as run_analysis
from winset.analyses import analyse_all
from winset.case.model import Case
from winset.errors import UnknownName

SEEDS = range(1_000)
CHUNK = 50


def analyse(case: Case, name: str, **parameters: Any) -> Any:
    """As `winset.analyse`; what comes back has the fields of its analysis."""
    return run_analysis(case, name, **parameters)


def chunks() -> list[Any]:
    """All seeds in portions, the second half in `make fuzz`."""
    return [
        pytest.param(
            SEEDS[start : start + CHUNK],
            marks=pytest.mark.fuzz if start >= len(SEEDS) // 2 else (),
            id=str(start),
        )
        for start in range(0, len(SEEDS), CHUNK)
    ]


def near(found: float, wanted: Fraction) -> bool:
    return abs(found - float(wanted)) <= 2e-9


@pytest.mark.parametrize("seeds", chunks())
def test_blockers_and_repair_agree_with_brute_force(seeds: range):
    for seed in seeds:
        data = random_case(seed, most=3)
        twin = Sticking(data)
        result = analyse(to_case(data), "sticking")
        assert result.zone == bool(twin.twin.zone), seed
        if result.zone:
            assert result.blockers is None
            assert result.repair is None
            continue
        assert {frozenset(chosen) for chosen in result.blockers.sets} == twin.blockers(), seed
        assert result.blockers.complete
        repair = twin.repair()
        assert (result.repair is None) == (repair is None), seed
        if repair is not None:
            assert near(result.repair.cost, repair[0]), seed
            assert result.repair.tied == repair[1], seed
            for mending in result.repair.shown:
                price = sum(old - new for old, new in mending.lower.values())
                price += 10 * sum(len(lines) for lines in mending.lift.values())
                assert near(price, repair[0]), seed
                bought = {*mending.lower, *mending.lift}
                assert twin.carries(twin.accepting(mending.package) | bought), seed


@pytest.mark.parametrize("seeds", chunks()[:6], ids=lambda seeds: str(seeds[0]))
def test_nearest_moves_and_refusers_agree_with_brute_force(seeds: range):
    for seed in seeds:
        data = random_case(seed, most=3)
        twin = Sticking(data)
        random = Random(seed)
        package = random.choice(twin.twin.packages)
        result = analyse(to_case(data), "sticking", package=package)
        subject = result.subjects["package"]
        accepting = twin.accepting(package)
        assert {r.faction for r in subject.refusers} == set(twin.factions) - accepting, seed
        wanted = twin.nearest(package)
        found = subject.nearest and (subject.nearest.changes, subject.nearest.packages)
        assert found == wanted, seed
        moves = twin.moves(package, set(result.say))
        assert subject.moves.of_one == sum(len(change) == 1 for change in moves), seed
        assert subject.moves.of_two == sum(len(change) == 2 for change in moves), seed
        for move in subject.moves.shown:
            assert tuple((issue, new) for issue, (_, new) in move.changes.items()) in moves, seed
        price = twin.price(package)
        assert (subject.mending is None) == (price is None), seed
        assert price is None or near(subject.mending.cost, price), seed


def test_whoever_decides_has_a_say():
    for seed in range(60):
        data = random_case(seed, most=2)
        result = analyse(to_case(data), "sticking")
        assert Sticking(data).say() <= set(result.say), seed


def test_the_published_plan_lies_three_settled_issues_away():
    result = analyse(winset.load_case("gaza-2025-10"), "sticking")
    plan = result.subjects["plan"]
    assert plan.completions == 30
    assert plan.in_zone == 0
    assert plan.nearest.changes == 3
    assert set(plan.nearest.shown[0].changes) == {"hostages", "guarantee", "weapons"}
    assert plan.moves.of_one == 0
    assert {r.faction for r in plan.refusers if r.has_say} == {"hamas.bureau", "hamas.qassam", "israel.pm"}
    assert result.blockers is None


def test_a_forbidden_package_is_looked_at_and_said_to_be_one():
    result = analyse(winset.load_case("two-villages"), "sticking", package={"hours": "half", "fee": "free"})
    subject = result.subjects["package"]
    assert subject.forbidden_by == ("no_free_half",)
    assert subject.in_zone == 0
    text = winset.render(winset.load_case("two-villages"), [result])
    assert "It cannot be as it stands: forbidden by 'no_free_half'." in text


def test_an_incomplete_package_stands_for_its_completions():
    result = analyse(winset.load_case("two-villages"), "sticking", package={"hours": "half"})
    subject = result.subjects["package"]
    assert subject.open == ("fee",)
    assert subject.completions == 2


def test_unknown_names_are_named():
    case = winset.load_case("two-villages")
    with pytest.raises(UnknownName, match="did you mean 'hours'"):
        analyse(case, "sticking", package={"ours": "half"})
    with pytest.raises(UnknownName, match="parameter of 'agreement'"):
        analyse(case, "agreement", per_line=5)
    with pytest.raises(UnknownName, match="per_line"):
        analyse_all(case, ["agreement"], per_line=5)


def test_too_open_a_text_is_not_asked_for_moves(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["winset.analyses.sticking.run"], "MAX_LOOKS", 3)
    subject = analyse(winset.load_case("two-villages"), "sticking").subjects["may"]
    assert subject.moves is None
    assert "too many to look at" in subject.not_asked


def test_costs_can_be_set():
    case = winset.load_case("two-villages")
    cheap = analyse(case, "sticking", package={"hours": "half", "fee": "high"}, per_point=2.0)
    assert cheap.subjects["package"].mending.cost == 20.0
