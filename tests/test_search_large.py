"""The search where questions are put in parts, frontiers in boxes, sets by conflicts; and what limits leave open."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.generators import random_case, to_case
from tests.helpers import as_yaml, case_of
from tests.test_search import answers, obstacles, plan
from winset.analyses import analyse_all
from winset.analyses.agreement.boxes import boxed
from winset.analyses.agreement.pose import pose
from winset.analyses.agreement.seek import pose_by_search
from winset.analyses.sticking.coalitions import cheapest
from winset.analyses.sticking.repair import Tariff, repair
from winset.analyses.sticking.scene import Ground
from winset.errors import WinsetError
from winset.kernels.dominance import undominated
from winset.space.build import build_space
from winset.space.conflicts import conflict, hitting_sets
from winset.space.formula import formula_of
from winset.space.numbers import quantise
from winset.space.quest import Quest


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_boxes_find_the_whole_frontier(first: int):
    compared = 0
    for seed in range(first, first + 50):
        try:
            space = build_space(to_case(random_case(seed)))
            problem, sought = pose(space), pose_by_search(space)
        except WinsetError:
            continue
        if sought.exists:
            expected = quantise(problem.utilities[problem.front])
            expected = expected[undominated(expected)]
            found = boxed(sought)
            assert found.left is None, seed
            assert found.points.shape == expected.shape, seed
            assert np.abs(found.points - expected).max() <= 1, seed
            compared += 1
    assert compared > 20


def test_an_unfinished_frontier_holds_certain_points_and_says_what_is_left(monkeypatch: pytest.MonkeyPatch):
    case = case_of(as_yaml(plan(6, 3, 3, 1)))
    whole = boxed(pose_by_search(build_space(case)))
    monkeypatch.setattr("winset.analyses.agreement.boxes.MOST_SEARCHES", 5)
    part = boxed(pose_by_search(build_space(case)))
    assert whole.left is None
    assert 0 < len(part.points) <= 5 < len(whole.points)
    assert {tuple(p) for p in part.points} <= {tuple(p) for p in whole.points}
    assert part.left is not None
    assert 0 < part.left <= 1


@pytest.mark.parametrize("at_once", [1, 3])
def test_questions_in_halves_have_the_same_answers(at_once: int, monkeypatch: pytest.MonkeyPatch):
    """Halved at every turn, whether it helps or not."""
    monkeypatch.setattr("winset.space.quest.BEFORE_HALVING", at_once)
    monkeypatch.setattr("winset.space.quest.WORTH_HALVING", -1e9)
    for seed in range(40):
        case = to_case(random_case(seed, most=3))
        try:
            expected = answers(case, "enumerate")
        except WinsetError:
            continue
        found = answers(case, "search")
        for solution in (*expected["solutions"].values(), *found["solutions"].values()):
            solution["objective"] = solution["objective"] and pytest.approx(solution["objective"], rel=1e-9)
        assert found == expected, seed


def test_sets_that_meet_all_conflicts_bring_all_conflicts_to_light():
    """Against all sets: what is possible is drawn at random, closed under leaving members out."""
    for seed in range(200):
        random = Random(seed)
        members = "abcdef"[: random.randint(1, 6)]
        largest = [frozenset(random.sample(members, random.randint(0, len(members)))) for _ in range(3)]

        def possible(chosen: Any, largest: list[frozenset[str]] = largest) -> bool:
            return any(set(chosen) <= able for able in largest)

        every = [frozenset(s) for n in range(len(members) + 1) for s in itertools.combinations(members, n)]
        expected = {s for s in every if not possible(s) and all(possible(s - {ref}) for ref in s)}
        found: list[frozenset[str]] = []
        for spared in hitting_sets(dict.fromkeys(members, 1.0), found):
            asked = [ref for ref in members if ref not in spared]
            if not possible(asked):
                found.append(conflict(asked, possible))
        assert set(found) == expected, seed
        assert len(found) == len(expected), seed


def without_a_zone(walk_away: float = 95) -> Any:
    data = plan(5, 3, 3, 2)
    for wants in data["preferences"].values():
        wants["walk_away"] = walk_away
    return case_of(as_yaml(data))


def test_the_cheapest_repair_is_that_of_enumeration():
    space = build_space(without_a_zone())
    ground = Ground(space, formula_of(space))
    for tariff in (Tariff(), Tariff(0.5, 3.0)):
        assert cheapest(ground, tariff) == repair(ground, tariff)


def test_a_repair_that_was_not_settled_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("winset.analyses.sticking.coalitions.MOST_NODES", 1)
    space = build_space(without_a_zone())
    ground = Ground(space, formula_of(space))
    best = repair(ground, Tariff())
    found = cheapest(ground, Tariff())
    assert best is not None
    assert found is not None
    assert not found.proven
    assert found.shown
    assert found.cost >= best.cost


def test_coalitions_that_were_not_looked_at_are_not_proven_away(monkeypatch: pytest.MonkeyPatch):
    """With a vote at home the first coalition only parts into two: nothing is settled by then."""
    data = plan(4, 3, 2, 2)
    wants = data["preferences"].pop("p0") | {"walk_away": 95}
    data["preferences"] |= {"p1": data["preferences"]["p1"] | {"walk_away": 95}}
    data["preferences"] |= {f"p0.{name}": wants for name in "abc"}
    data["parties"]["p0"] = {
        "name": "Party 0",
        "factions": {name: {"name": name} for name in "abc"},
        "speaks_for": "a",
        "ratification": {"quota": {"more_than": "1/2"}},
    }
    space = build_space(case_of(as_yaml(data)))
    ground = Ground(space, formula_of(space))
    whole = cheapest(ground, Tariff())
    assert whole == repair(ground, Tariff())
    for most in (1, 2):
        monkeypatch.setattr("winset.analyses.sticking.coalitions.MOST_COALITIONS", most)
        part = cheapest(ground, Tariff())
        assert part is not None
        assert whole is not None
        assert not part.proven
        assert part.cost >= whole.cost


def test_blockers_that_were_not_settled_are_not_called_all(monkeypatch: pytest.MonkeyPatch):
    whole = analyse_all(without_a_zone(), ["sticking"], method="search")[0].to_dict()["blockers"]
    assert whole["complete"]
    original = Quest.any

    def limited(quest: Quest) -> Any:
        if quest.limit < 300_000:
            quest.limit = 0
        return original(quest)

    monkeypatch.setattr(Quest, "any", limited)
    part = analyse_all(without_a_zone(), ["sticking"], method="search")[0].to_dict()["blockers"]
    assert not part["complete"]
    assert part["sought"] is None
    assert part["sets"] == []


def test_nearest_among_more_than_can_be_listed_shows_the_gentlest(monkeypatch: pytest.MonkeyPatch):
    """With 3 packages listed at most, the search for the least loss still finds the first."""
    data = plan(5, 3, 2, 4)
    data["texts"] = {"draft": {"title": "Draft", "package": {"i0": "o0", "i1": "o0"}}}
    data["on_the_table"] = "draft"
    more = 0
    for seed, walk_away in itertools.product(range(40), (60, 70)):
        raised = {
            ref: {**wants, "walk_away": walk_away}
            for ref, wants in plan(5, 3, 2, seed)["preferences"].items()
        }
        case = case_of(as_yaml(data | {"preferences": raised}))
        expected = obstacles(case, "enumerate")["subjects"]["draft"]["nearest"]
        with monkeypatch.context() as patch:
            patch.setattr("winset.space.arrays.MOST_LISTED", 3)
            patch.setattr("winset.space.quest.MOST_LISTED", 3)
            found = obstacles(case, "search")["subjects"]["draft"]["nearest"]
        if expected is None:
            assert found is None
        else:
            assert found["changes"] == expected["changes"]
            assert found["shown"][0]["largest_loss"] == expected["shown"][0]["largest_loss"]
            assert found["all_counted"] == (expected["packages"] <= 3)
            more += expected["packages"] > 3 and expected["changes"] > 0
    assert more > 10
