"""Backward induction: its parts by themselves. Whole games are judged in test_exchange by their trees."""

from __future__ import annotations

from dataclasses import fields
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from tests.exchanges import plan, random_exchange, terms
from winset.analyses.exchange.steps import game
from winset.analyses.exchange.terms import Terms
from winset.kernels import backward
from winset.kernels.backward import Game, integrated, logistic


def played(**given: Any) -> Game:
    """A swap in two steps, then both at once; three draws of the closing value."""
    two = terms(("a", "b"), [[-5, 10], [9, -4], [-3, 4], [6, -2]], [0, 1, 0, 1], **given)
    closing = np.array([[2.0, 1.0], [0.0, 0.0], [-3.0, 7.5]])
    steps = plan([0, 3, 9], [(0,), (1,), (0, 1)], [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1]])
    return game(Terms(**{**_fields(two), "closing": closing}), steps)


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


FULL: dict[str, Any] = {
    "guarantee": [3, 4], "detection": [1, 0.5, 0.8, 1], "false_alarm": 0.1, "rates": [(0, 0.02), (4, 0.1)],
    "discount": [0.01, 0.02], "reversible": [0.2, 0.5, 0, 1], "base": [1, -2], "grace": 3,
    "moves": [[-1, 0, 2, 0], [0, 1, 0, -2]], "stalling": {"a": 0.5},
}  # fmt: skip


def test_inputs_are_left_alone() -> None:
    one = played(**FULL)
    parts = [array.copy() for array in one.parts[2]]
    before = {name: np.copy(array) for name, array in _fields(one).items() if name != "parts"}
    backward.margins(one, backward.kept(one))
    backward.perfect(one)
    backward.noisy(one, np.full(3, 2.0))
    for name, array in before.items():
        assert np.array_equal(array, getattr(one, name)), name
    assert all(np.array_equal(old, new) for old, new in zip(parts, one.parts[2], strict=True))


def test_a_game_is_the_same_alone_and_among_others() -> None:
    """To the last bit: a draw must not depend on what it is drawn with."""
    among, noise = played(**FULL), np.array([1.0, 2.0, 5.0])
    together = (backward.perfect(among), backward.noisy(among, noise))
    for draw in range(3):
        alone = Game(**{**_fields(among), "closing": among.closing[draw : draw + 1]})
        assert alone.shape == (1, 3, 2)
        single = (backward.perfect(alone), backward.noisy(alone, noise[draw : draw + 1]))
        for one, many in zip(single, together, strict=True):
            for name, theirs in _fields(many).items():
                assert getattr(one, name)[0].tobytes() == theirs[draw].tobytes(), name
        assert np.array_equal(backward.kept(alone)[0], backward.kept(among)[draw])


def fewest(ends: Any, delivering: Any) -> int:
    """The equilibrium of one game by its definition: nobody gains by doing otherwise alone."""
    m = len(delivering)

    def has(j: int, who: frozenset[int]) -> float:
        return float(ends[sum(1 << i for i in who), j] if who else delivering[j])

    for size in range(m + 1):
        for who in map(frozenset, combinations(range(m), size)):
            if all(has(j, who ^ {j}) - has(j, who) <= 0.5e-9 for j in range(m)):
                return sum(1 << i for i in who)
    return 2**m - 1


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_the_equilibrium_with_the_fewest_who_keep_back(m: int) -> None:
    rng = np.random.default_rng(m)
    ends, delivering = rng.integers(0, 4, (2000, 2**m, m)), rng.integers(0, 4, (2000, m))
    found = backward._equilibrium(ends.astype(float), delivering.astype(float))
    wanted = [fewest(*pair) for pair in zip(ends, delivering, strict=True)]
    assert found.tolist() == wanted
    assert len(set(wanted)) == 2**m


def test_where_there_is_no_pure_equilibrium_nobody_delivers() -> None:
    """One wants to do as the other does, the other does not."""
    ends = np.array([[[0, 0], [0, 1], [0, 1], [1, 0]]], float)
    assert backward._equilibrium(ends, np.array([[1.0, 0.0]])).tolist() == [0b11]


def test_of_two_equilibria_the_earlier_party_keeps_back() -> None:
    ends = np.array([[[0, 0], [1, 1], [1, 1], [0, 0]]], float)
    assert backward._equilibrium(ends, np.array([[0.0, 0.0]])).tolist() == [0b01]


def test_rates_add_up_day_by_day() -> None:
    rng = np.random.default_rng(1)
    rates, starts = rng.uniform(0, 1, (5, 3)), np.array([2, 5, 11])
    daily = np.zeros((5, 30))
    for h, start in enumerate(starts):
        daily[:, start:] = rates[:, h, None]
    days = np.arange(31)
    found = integrated(rates, starts, np.array([[4.0]]), days[None].astype(float))
    for day in days[4:]:
        assert found[:, day] == pytest.approx(daily[:, 4:day].sum(axis=1))
    assert integrated(np.zeros((1, 0)), starts[:0], np.zeros((1, 1)), days[None].astype(float)).shape == (
        1,
        31,
    )


def test_chances_of_errors() -> None:
    slack = np.array([-1e6, -3, 0, 3, 1e6])
    assert logistic(slack, np.full(5, 1.5)) == pytest.approx(
        [0, 1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-2)), 1]
    )
    assert logistic(slack, np.zeros(5)).tolist() == [0, 0, 0.5, 1, 1]


def test_the_search_has_what_it_is_meant_to_find() -> None:
    """Random games have all kinds of steps, lateness and ties in good number."""
    kinds: dict[str, int] = {}
    for seed in range(200):
        exchange, _ = random_exchange(seed, branches=16)
        for step in exchange["schedules"]["plan"]["steps"]:
            kind = step.get("kind", "uni") if len(step["by"]) > 1 else "alone"
            kinds[kind] = kinds.get(kind, 0) + 1
        kinds["late"] = kinds.get("late", 0) + (exchange["grace"] > 0)
    assert min(kinds.values()) > 30, kinds
    assert set(kinds) == {"alone", "joint", "escrow", "late"}
