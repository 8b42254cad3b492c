"""Draws against enumeration: random cases with constraints, joint terms, red lines, trees, ties on purpose."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from benchmarks.plan import plan as edge
from tests.generators import random_case, to_case
from tests.helpers import SMALL, as_yaml, case_of, edited, small
from tests.test_search import plan
from tests.twins.agreement import Data, Twin, point
from tests.twins.drawn import Drawn as Slow
from winset.analyses.agreement.nash import solve
from winset.analyses.agreement.pose import pose, sides
from winset.case.model import Case
from winset.errors import WinsetError
from winset.formats import load_case
from winset.kernels.drawn import FOUND, OPEN
from winset.space import drawn as module
from winset.space.build import build_space
from winset.space.drawn import Drawn, Outcomes
from winset.space.draws import Inputs, Sample
from winset.space.formula import formula_of
from winset.space.goals import Goal, nash
from winset.space.quest import Quest
from winset.space.relief import Relief
from winset.space.stack import taken

DRAWS, SHARE = 20, 30


def doubtful(data: Data, seed: int) -> Data:
    """The case with doubt about many of its walk-aways, weights, scores, red lines and powers."""
    random = Random(seed)

    def around(number: Any, low: float, high: float) -> Any:
        if not isinstance(number, int | float) or random.random() < 0.4:
            return number
        reach = random.choice([5, 15, 40])
        return [max(low, number - reach), number, min(high, number + reach)]

    for given in data["preferences"].values():
        given["walk_away"] = around(given["walk_away"], 0, 100)
        for scores in given["scores"].values():
            if "order" not in scores:
                scores.update({option: around(score, 0, 100) for option, score in scores.items()})
    for party in data["parties"].values():
        if random.random() < 0.3:
            party["power"] = [0.5, 1, 3]
    return data


def drawn_of(case: Case, **wishes: Any) -> Drawn:
    space = build_space(case, **wishes)
    counted = sides(space)
    return Drawn(space, Inputs(space), list(zip(counted.parties, counted.signers, strict=True)))


def sound(first: int, last: int) -> Iterator[tuple[int, Data, Drawn, Sample]]:
    """Random cases in doubt that can be asked, with their draws."""
    for seed in range(first, last):
        data = random_case(seed)
        if seed % 5:
            data = doubtful(data, seed)
        try:
            drawn = drawn_of(to_case(data))
            sample = drawn.sample(seed, 0, DRAWS)
        except WinsetError:
            continue
        yield seed, data, drawn, sample


def compare_outcomes(first: int, last: int) -> int:
    """How many draws have a zone; asserts that zone and Nash are those of enumeration."""
    zones = 0
    for seed, data, drawn, sample in sound(first, last):
        slow, found = Slow(data, drawn.space), drawn.outcomes(sample)
        assert found.settled.all()
        assert found.proven.all()
        assert (found.zone == (drawn.exists(sample) == FOUND)).all()
        for k in range(DRAWS):
            zone, logs = slow.zone(sample, k), slow.logs(sample, k)
            assert found.zone[k] == zone.any(), (seed, k)
            if not zone.any():
                assert (found.nash[k] == -1).all()
                assert np.isnan(found.gains[k]).all()
                continue
            at = np.flatnonzero((slow.picks == found.nash[k]).all(axis=1))
            assert len(at) == 1, (seed, k)
            assert zone[at[0]], (seed, k)
            assert found.gains[k] == pytest.approx(slow.gains(sample, k)[at[0]], abs=1e-9)
            best = logs[zone].max()
            assert logs[at[0]] == (best if np.isneginf(best) else pytest.approx(best, abs=2e-9)), (seed, k)
            if (logs[zone] >= best - 1e-8).sum() == 1:
                assert (slow.picks[zone][logs[zone].argmax()] == found.nash[k]).all(), (seed, k)
            zones += 1
    return zones


@pytest.mark.parametrize("first", range(0, 300, SHARE))
def test_zone_and_nash_are_those_of_enumeration(first: int):
    assert compare_outcomes(first, first + SHARE) > 100


@pytest.mark.parametrize("first", range(0, 210, SHARE))
def test_acceptance_is_that_of_enumeration(first: int):
    for seed, data, drawn, sample in sound(first, first + SHARE):
        slow = Slow(data, drawn.space)
        found = drawn.accept(sample, slow.picks.astype(np.int16))
        assert found.accepts.shape == found.worth.shape == (DRAWS, len(slow.packages), len(slow.refs))
        for k in range(0, DRAWS, 4):
            zone, product = slow.zone(sample, k), np.exp(slow.logs(sample, k))
            for f, ref in enumerate(slow.refs):
                assert (found.accepts[k, :, f] == slow.accepts(sample, k, ref)).all(), (seed, k, ref)
                assert found.worth[k, :, f] == pytest.approx(slow.utilities(sample, k, ref), abs=1e-9)
            assert (found.consents[k] == zone).all(), (seed, k)
            assert found.product[k] == pytest.approx(np.where(zone, product, 0), rel=1e-9), (seed, k)


def test_a_forbidden_package_is_never_consented_to():
    drawn = drawn_of(
        case_of(edited(SMALL, ("walk_away: [40, 50, 60]", "walk_away: 0"), ("walk_away: 32", "walk_away: 0")))
    )
    free_half = np.array([[2, 0], [2, 1]], np.int16)
    found = drawn.accept(drawn.sample(0, 0, 50), free_half)
    assert not found.consents[:, 0].any()
    assert (found.product[:, 0] == 0).all()
    assert found.consents[:, 1].any()


@pytest.mark.parametrize("first", range(0, 210, SHARE))
def test_relief_and_blocking_sets_are_those_of_enumeration(first: int):
    blocked = 0
    for seed, data, drawn, sample in sound(first, first + SHARE):
        slow, relief = Slow(data, drawn.space), drawn.relief(sample)
        assert arrays(drawn.relief(sample, drawn.exists(sample))) == arrays(relief)
        assert relief.settled.all()
        for k in range(0, DRAWS, 3):
            expected = [slow.zone(sample, k, out=issue).any() for issue in slow.options]
            assert relief.zone[k].tolist() == expected, (seed, k)
        which = np.flatnonzero(~drawn.outcomes(sample).zone)[:4]
        for k, found in zip(which, drawn.blocking(sample, which), strict=True):
            assert found.complete
            assert len(set(found.sets)) == len(found.sets)
            assert set(found.sets) == slow.blockers(sample, k, drawn.members), (seed, k)
            blocked += 1
    assert blocked > 10


def test_relief_drops_lines_on_the_issue_and_on_conditions_that_name_it():
    lines = "red_lines: {hours.none: 1, hours.dawn: 1, hours == half and fee == low: 1, fee.high: 1}"
    drawn = drawn_of(case_of(edited(SMALL, ("red_lines: {hours.half: 0.4}", lines))))
    sample = drawn.sample(0, 0, 200)
    assert not drawn.outcomes(sample).zone.any()
    relief = drawn.relief(sample).zone
    assert relief[:, drawn.space.issues.index("hours")].any()


# point mode


def certain(data: Data) -> Data:
    """The case with every estimate at its mode, and a red line certain or gone; ranks become numbers."""
    twin = Twin(data, judge=False)
    for ref, given in twin.preferences.items():
        given["walk_away"] = float(point(given["walk_away"]))
        given["weights"] = {issue: float(weight) for issue, weight in twin.weights(ref).items()}
        given["scores"] = {i: {o: float(s) for o, s in twin.scores(ref, i).items()} for i in twin.issues}
        lines = given.get("red_lines", {})
        given["red_lines"] = {key: int(point(chance) >= Fraction(1, 2)) for key, chance in lines.items()}
    for term in twin.data.get("joint", []):
        term["add"] = float(point(term["add"]))
    for party in twin.parties.values():
        party["power"] = float(point(party.get("power", 1)))
    return twin.data


def test_without_doubt_every_draw_is_point_mode():
    compared = 0
    for seed in range(150):
        try:
            case = to_case(certain(random_case(seed)))
            drawn = drawn_of(case)
        except WinsetError:
            continue
        assert drawn.inputs.dims == 0
        found, problem = drawn.outcomes(drawn.sample(0, 0, 3)), pose(drawn.space)
        assert (found.zone == bool(len(problem.zone))).all(), seed
        best = solve(problem)
        if best is not None:
            tied = drawn.space.choices(best.packages)
            for row, gains in zip(found.nash, found.gains, strict=True):
                place = np.flatnonzero((tied == row).all(axis=1))
                assert len(place) == 1, seed
                at = problem.zone.searchsorted(best.packages[place[0]])
                assert gains == pytest.approx(problem.gains[at], abs=1e-9)
            compared += 1
    assert compared > 50


# bits, inputs, limits


def arrays(found: Outcomes | Relief) -> list[bytes]:
    return [np.ascontiguousarray(getattr(found, field.name)).tobytes() for field in fields(found)]


def test_the_same_bits_in_whatever_company(monkeypatch: pytest.MonkeyPatch):
    drawn = drawn_of(load_case("camp-david-2000"))
    sample = drawn.sample(3, 0, DRAWS)
    whole: list[Outcomes | Relief] = [drawn.outcomes(sample), drawn.relief(sample)]
    parts = [
        [make(taken(sample, slice(a, a + 7))) for a in range(0, DRAWS, 7)]
        for make in (drawn.outcomes, drawn.relief)
    ]
    for every, some in zip(whole, parts, strict=True):
        for field in fields(every):
            joined = np.concatenate([getattr(part, field.name) for part in some])
            assert joined.tobytes() == getattr(every, field.name).tobytes(), field.name
    monkeypatch.setattr("winset.space.stack.AT_ONCE", 1)
    assert arrays(drawn.outcomes(sample)) == arrays(whole[0])
    assert arrays(drawn.relief(sample)) == arrays(whole[1])
    later = drawn.sample(3, 7, 7)
    assert arrays(drawn.outcomes(later)) == arrays(parts[0][1])


def test_it_travels_as_what_it_is_made_from():
    drawn = drawn_of(small())
    other = pickle.loads(pickle.dumps(drawn))
    sample = drawn.sample(1, 0, 50)
    assert arrays(other.outcomes(sample)) == arrays(drawn.outcomes(sample))


def test_inputs_are_left_alone():
    drawn = drawn_of(load_case("camp-david-2000"))
    sample = drawn.sample(3, 0, DRAWS)

    def held() -> list[bytes]:
        numbers = (
            sample.walk_away,
            sample.weights,
            *sample.scores,
            *sample.lines,
            sample.joint,
            *sample.power.values(),
        )
        return [array.tobytes() for array in numbers]

    before = held()
    found = drawn.outcomes(sample)
    drawn.relief(sample)
    drawn.blocking(sample, np.flatnonzero(~found.zone))
    drawn.accept(sample, np.maximum(found.nash, 0))
    assert held() == before


def test_a_limit_is_admitted(monkeypatch: pytest.MonkeyPatch):
    """Searches that may not look at anything claim neither a zone nor that there is none."""
    monkeypatch.setattr(module, "LIMIT", 0)
    monkeypatch.setattr(module, "EACH", 0)
    monkeypatch.setattr("winset.space.blocking.LIMIT", 0)
    drawn = drawn_of(load_case("panama-1977"))
    sample = drawn.sample(0, 0, DRAWS)
    found, relief = drawn.outcomes(sample), drawn.relief(sample)
    assert not found.zone.any()
    assert not found.settled.any()
    assert not found.proven.any()
    assert (drawn.exists(sample) == OPEN).all()
    assert not relief.zone.any()
    assert not relief.settled.any()
    assert not any(each.complete for each in drawn.blocking(sample, np.arange(DRAWS)))


def test_a_package_that_is_not_proven_best_is_still_a_zone(monkeypatch: pytest.MonkeyPatch):
    data = doubtful(plan(20, 5, 6, 6), 0)
    for party in data["parties"].values():
        party["power"] = 1
    drawn = drawn_of(case_of(as_yaml(data)))
    sample = drawn.sample(0, 0, 50)
    best = drawn.outcomes(sample)
    assert best.proven.all()
    monkeypatch.setattr(module, "LIMIT", 25)
    short = drawn.outcomes(sample)
    assert (short.zone & ~short.proven).any()
    assert short.settled[short.zone].all()
    assert (short.gains[short.zone].prod(axis=1) <= best.gains[short.zone].prod(axis=1) * (1 + 1e-9)).all()


def test_a_plan_of_twenty_points_in_doubt():
    """9.5e13 packages: the Nash package of a draw holds against ten thousand random ones."""
    drawn = drawn_of(case_of(as_yaml(doubtful(plan(20, 5, 5, 5), 1))))
    sample = drawn.sample(0, 0, 10)
    found = drawn.outcomes(sample)
    random = np.random.default_rng(0).integers(5, size=(10_000, 20)).astype(np.int16)
    judged = drawn.accept(sample, np.concatenate([random, found.nash]))
    assert found.proven.all()
    for k in range(10):
        own = judged.product[k, len(random) + k]
        assert own >= judged.product[k].max() * (1 - 1e-9)
        assert own > 0
        assert judged.consents[k, len(random) + k]


def test_draws_that_take_long_are_searched_to_the_end():
    """Ten parties at the edge of having a zone, against a search put to each draw by itself."""
    drawn = drawn_of(in_doubt(edge(10, 70, 1, tied=False)))
    sample = drawn.sample(0, 0, 20)
    found = drawn.outcomes(sample)
    assert found.proven.all()
    assert 2 < found.zone.sum() < 18
    for k in range(20):
        quest, goal = by_itself(drawn, sample, k)
        best = quest.best(goal) if quest.any().choice is not None else None
        assert found.zone[k] == (best is not None)
        if best is not None and best.value is not None:
            assert np.log(found.gains[k]).sum() == pytest.approx(best.value * 1e-9, abs=1e-7)


def in_doubt(case: Case) -> Case:
    """The case with walk-aways and scores in doubt by ten points."""
    data = case.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for given in data["preferences"].values():
        given["walk_away"] = wide(given["walk_away"])
        for scores in given["scores"].values():
            scores.update({option: wide(score) for option, score in scores.items()})
    return Case.model_validate(data)


def wide(mode: float) -> dict[str, float]:
    return {"low": max(0, mode - 10), "mode": mode, "high": min(100, mode + 10)}


def by_itself(drawn: Drawn, sample: Sample, draw: int) -> tuple[Quest, Goal]:
    """The questions of one draw, put to a space that has its numbers."""
    one = taken(sample, slice(draw, draw + 1))
    judged = zip(drawn.space.blocks, one.utilities(drawn.space), one.crosses(drawn.space), strict=True)
    blocks = tuple(replace(block, utilities=worth[0], crosses=lines[0]) for block, worth, lines in judged)
    space = replace(drawn.space, walk_away=one.walk_away[0], blocks=blocks)
    signers = tuple(signer for _, signer in drawn.counted)
    quest = Quest(space, formula_of(space).root, signers)
    return quest, nash(signers, one.walk_away[0, [space.faction(s) for s in signers]], np.ones(len(signers)))
