"""The search against enumeration: random spaces with constraints, joint terms, red lines, trees, ties on purpose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.generators import random_case, to_case
from tests.helpers import SMALL, as_yaml, case_of, edited, in_a_process, plain, small
from winset.analyses import analyse
from winset.analyses.agreement import run
from winset.case.model import Case
from winset.errors import UnknownName, WinsetError
from winset.formats import load_case
from winset.formats.catalogue import catalogue
from winset.kernels.dominance import undominated
from winset.kernels.folding import fold
from winset.space.build import build_space
from winset.space.formula import formula_of
from winset.space.goals import lexi, linear, nash
from winset.space.numbers import quantise
from winset.space.quest import Quest

SHARE = 50  # random cases a test


def answers(case: Case, method: str) -> dict[str, Any]:
    """What agreement answers, without what only one of the methods can know."""
    found = run(case, method=method).to_dict()
    for solution in found["solutions"].values():
        solution.pop("proof", None)
    del found["method"], found["zone"]["packages"]
    return found


def same(found: dict[str, Any], expected: dict[str, Any], what: str) -> None:
    """All is equal; a product of gains to 1e-9, as its factors were added up in another order."""
    for solution, other in zip(found["solutions"].values(), expected["solutions"].values(), strict=True):
        objective, wanted = solution.pop("objective"), other.pop("objective")
        assert objective == (None if wanted is None else pytest.approx(wanted, rel=1e-9)), what
    assert found == expected, what


def compare(first: int, last: int) -> int:
    """How many random cases were compared; asserts that no answer differs."""
    compared = 0
    for seed in range(first, last):
        case = to_case(random_case(seed))
        try:
            expected = answers(case, "enumerate")
        except WinsetError:
            with pytest.raises(WinsetError):
                answers(case, "search")
            continue
        same(answers(case, "search"), expected, f"seed {seed}")
        compared += 1
    return compared


@pytest.mark.parametrize("first", range(0, 500, SHARE))
def test_search_agrees_with_enumeration(first: int):
    assert compare(first, first + SHARE) > SHARE // 2


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(500, 10_500, 500))
def test_search_agrees_with_enumeration_at_length(first: int):
    assert compare(first, first + 500) > 250


@pytest.mark.parametrize("name", catalogue())
def test_search_agrees_on_the_catalogue(name: str):
    same(answers(load_case(name), "search"), answers(load_case(name), "enumerate"), name)


def test_sets_of_accepters_that_tie_are_all_answers():
    """Seed 10,363: two packages tie for best supported, each with other factions behind it."""
    assert compare(10_363, 10_364) == 1


def test_every_answer_of_a_search_is_proven():
    for name in catalogue():
        for solution in run(load_case(name), method="search").solutions.values():
            if solution.proof is not None:
                assert solution.proof.proven
                assert solution.proof.all_counted
                if solution.objective is not None and solution.title in ("Egalitarian", "Utilitarian"):
                    assert solution.proof.bound == pytest.approx(solution.objective, abs=1e-8)


def test_a_limit_is_admitted():
    """A search that may look at one node only must not claim to have proven anything."""
    space = build_space(load_case("gaza-2025-10"))
    quest = Quest(space, formula_of(space).root, limit=1)
    assert not quest.any().proven
    found = quest.best(linear(("israel.pm",), np.ones(1)))
    assert not found.proven
    assert found.value is None


def test_inputs_are_left_alone():
    space = build_space(small())
    before = [(block.utilities.tobytes(), block.crosses.tobytes()) for block in space.blocks]
    quest = Quest(space, formula_of(space).root, space.factions)
    root = quest._arrays._root
    assert root is not None
    stacked = root[0]
    arrays = [array.copy() for array in stacked]
    quest.any()
    quest.best(nash(("upper.council", "lower"), np.zeros(2), np.ones(2)))
    quest.leximin(lexi(("upper.council", "lower"), np.zeros(2), np.ones(2), ()))
    quest.all(linear((), np.empty(0)), 0)
    assert [(block.utilities.tobytes(), block.crosses.tobytes()) for block in space.blocks] == before
    assert all(np.array_equal(a, b) for a, b in zip(arrays, stacked, strict=True))


def many(issues: int, options: int, parties: int, seed: int) -> Case:
    """A plan with far more packages than can be gone through."""
    return case_of(as_yaml(plan(issues, options, parties, seed)))


def plan(issues: int, options: int, parties: int, seed: int) -> dict[str, Any]:
    """The same as the data of its file."""
    random = np.random.default_rng(seed)
    return {
        "winset": 1,
        "title": "A plan",
        "parties": {f"p{p}": {"name": f"Party {p}"} for p in range(parties)},
        "issues": {
            f"i{i}": {"title": f"Point {i}", "options": {f"o{o}": f"Option {o}" for o in range(options)}}
            for i in range(issues)
        },
        "preferences": {
            f"p{p}": {
                "walk_away": 50,
                "weights": {f"i{i}": float(w) for i, w in enumerate(random.dirichlet(np.ones(issues)))},
                "scores": {
                    f"i{i}": {f"o{o}": float(random.integers(101)) for o in range(options)}
                    for i in range(issues)
                },
            }
            for p in range(parties)
        },
    }


@pytest.mark.parametrize("parties", [2, 3, 5])
def test_a_plan_of_twenty_points(parties: int):
    """9.5e13 packages: what is said of them holds against ten thousand random ones."""
    case = many(20, 5, parties, parties)
    result = run(case)
    assert result.method == "search"
    assert result.zone.of == 5**20
    assert result.zone.packages is None
    space = build_space(case)
    random = np.random.default_rng(0)
    picks = np.array([random.integers(5, size=10_000) for _ in space.blocks])
    worth = np.sum([b.utilities[:, rows] for b, rows in zip(space.blocks, picks, strict=True)], axis=0)
    gains = worth - space.walk_away[:, None]
    inside = (gains >= 0).all(axis=0)
    best = {name: s.objective for name, s in result.solutions.items() if s.objective is not None}
    assert best["nash"] >= gains[:, inside].prod(axis=0).max(initial=0)
    assert best["egalitarian"] >= gains.min(axis=0).max()
    assert best["utilitarian"] >= worth[:, inside].sum(axis=0).max(initial=0)
    if parties == 2:
        front = np.array([list(vector.utilities.values()) for vector in result.frontier.points])
        beaten = (front[:, :, None] >= worth[None, :, :] - 1e-9).all(axis=1).any(axis=0)
        assert beaten[inside].all()


def test_folding_loses_nothing():
    random = np.random.default_rng(1)
    for criteria in (1, 2, 3, 4):
        tables = [random.integers(0, 6, (random.integers(1, 5), criteria)) for _ in range(5)]
        sums = np.zeros((1, criteria), np.int64)
        for table in tables:
            sums = (sums[:, None] + table[None]).reshape(-1, criteria)
        floors = np.full(criteria, 8)
        expected = sums[undominated(sums)]
        expected = expected[(expected >= floors).all(axis=1)]
        found = fold(tables, floors, 10_000)
        assert found is not None
        found = found[(found >= floors).all(axis=1)]
        assert np.array_equal(found[np.lexsort(found.T)], expected[np.lexsort(expected.T)])
    assert fold([np.arange(20).reshape(10, 2)] * 3, np.zeros(2, np.int64), 0) is None


def test_floors_beyond_walk_aways_are_kept():
    space = build_space(small())
    formula = formula_of(space).root
    quest = Quest(space, formula, floors=[("lower", 0.0)])
    loose = quest.all(linear((), np.empty(0)), 0).packages
    tight = quest.raised(np.array([52.0])).all(linear((), np.empty(0)), 0)
    assert 0 < tight.packages < loose
    place = space.faction("lower")
    for choice in tight.choices:
        worth = sum(
            b.utilities[place][(b.rows == choice[list(b.issues)]).all(axis=1)][0] for b in space.blocks
        )
        assert quantise(np.array(worth)) >= quantise(np.array(52.0))


def test_rows_alike_are_counted_once_and_all():
    """An issue that nobody weighs multiplies the packages that tie, not the work."""
    data = plain(SMALL)
    data["issues"]["colour"] = {"title": "Colour", "options": {f"c{i}": f"Colour {i}" for i in range(40)}}
    for preference in data["preferences"].values():
        if "order" in preference["weights"]:
            preference["weights"] = {"hours": 2, "fee": 1}
        preference["weights"]["colour"] = 0
    case = case_of(as_yaml(data))
    assert run(case, method="search").solutions["nash"].tied == 40 * run(small()).solutions["nash"].tied


def test_more_ties_than_fit_64_bits_are_counted_exactly():
    data = plan(40, 5, 2, 0)
    for preference in data["preferences"].values():
        preference["weights"] = {f"i{i}": 1 if i < 4 else 0 for i in range(40)}
    few = run(case_of(as_yaml(data | {"issues": dict(list(data["issues"].items())[:4]), "preferences": {
        ref: {**p, "weights": dict(list(p["weights"].items())[:4]), "scores": dict(list(p["scores"].items())[:4])}
        for ref, p in data["preferences"].items()
    }})), method="enumerate")  # fmt: skip
    many_more = run(case_of(as_yaml(data)))
    assert many_more.solutions["nash"].tied == few.solutions["nash"].tied * 5**36
    assert many_more.solutions["nash"].objective == pytest.approx(few.solutions["nash"].objective)


def test_what_a_limit_leaves_open_is_not_answered(monkeypatch: pytest.MonkeyPatch):
    """Nothing found within the limit is neither an empty zone nor a product of 0."""
    monkeypatch.setattr("winset.space.quest.LIMIT", 1)
    monkeypatch.setattr(Quest.__init__, "__defaults__", ((), (), 1))
    result = run(load_case("gaza-2025-10"), method="search")
    assert result.zone.exists is None
    assert "could not be settled" in result.caveats[0]
    nash = result.solutions["nash"]
    assert nash.objective is None
    assert nash.not_asked == "needs an answer within the limit of the search"


def test_unknown_methods_are_refused():
    with pytest.raises(UnknownName, match="there is no method 'guess'"):
        run(small(), method="guess")


def test_nobody_gains_where_all_sit_on_their_walk_away():
    case = case_of(edited(SMALL, ("    walk_away: 32\n    noise: 4", "    walk_away: 58\n    noise: 4")))
    same(answers(case, "search"), answers(case, "enumerate"), "on the walk-away")


BITS = """
import hashlib, json
from tests.test_search import many
from winset.analyses import analyse
from winset.analyses.agreement import run
found = [run(many(12, 4, p, p), method="search").to_dict() for p in (2, 4)]
print(hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest())
"""


def test_two_processes_and_two_thread_counts_agree_bit_for_bit():
    one = in_a_process(BITS, NUMBA_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONHASHSEED="1")
    two = in_a_process(BITS, NUMBA_NUM_THREADS="2", OMP_NUM_THREADS="2", PYTHONHASHSEED="2")
    assert one == two


def obstacles(case: Case, method: str) -> dict[str, Any]:
    """What stands in the way, with a package that leaves about half of the issues open."""
    issues = list(case.issues)
    package = {issue: next(iter(case.issues[issue].options)) for issue in issues[: 1 + len(issues) // 2]}
    package = {issue: option for issue, option in package.items() if case.issues[issue].tier != "extended"}
    found = analyse(case, "sticking", method=method, package=package or None).to_dict()
    del found["method"]
    if found["blockers"]:
        del found["blockers"]["sought"]
    return found


def compare_obstacles(first: int, last: int) -> int:
    """How many random cases were compared; asserts that nothing in the way differs."""
    compared = 0
    for seed in range(first, last):
        case = to_case(random_case(seed, most=3))
        try:
            expected = obstacles(case, "enumerate")
        except WinsetError:
            with pytest.raises(WinsetError):
                obstacles(case, "search")
            continue
        assert obstacles(case, "search") == expected, f"seed {seed}"
        compared += 1
    return compared


@pytest.mark.parametrize("first", range(0, 300, SHARE))
def test_obstacles_are_the_same_by_search(first: int):
    assert compare_obstacles(first, first + SHARE) > SHARE // 2


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(500, 10_500, 500))
def test_obstacles_are_the_same_by_search_at_length(first: int):
    assert compare_obstacles(first, first + 500) > 250
