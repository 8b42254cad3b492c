"""Sizes and guarantees by the programme: the closed form, all sizes tried, and what it says when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.test_lattice import oracle, stakes_of, swap
from tests.twins import lattice
from tests.twins import programme as twin
from winset.analyses.exchange import solver
from winset.analyses.exchange.deliveries import Turn
from winset.analyses.exchange.programme import Sizes, least_guarantee, widest_sizes
from winset.analyses.exchange.stakes import Stakes
from winset.errors import LimitExceeded, NotApplicable

NO_BOND_FOR_B = np.array([np.inf, 0.0])


def alternating(rounds: int, gap: int = 1) -> list[Turn]:
    """B first, A last."""
    return [Turn(k * gap, (k + 1) % 2, ((k + 1) % 2,)) for k in range(2 * rounds)]


def even(seed: int, lots: tuple[int, ...], *, bent: bool = False, **wishes: Any) -> lattice.Exchange:
    """A random exchange whose worth is in proportion to lots, unless it may be `bent`."""
    for number in range(seed * 1000, (seed + 1) * 1000):
        game = lattice.exchange(number, lots, **wishes)
        if bent:
            return game
        game = replace(game, worth=[[_even(row) for row in worth] for worth in game.worth])
        if all(game.gain(party) > 0 for party in range(len(game.base))):
            return game
    raise AssertionError("no such exchange")


def _even(worth: list[Fraction]) -> list[Fraction]:
    return [worth[-1] * Fraction(lots, len(worth) - 1) for lots in range(len(worth))]


def posed(timed: twin.Timed) -> tuple[Stakes, list[Turn]]:
    """The twin's exchange as the programme wants it."""
    stakes = replace(
        stakes_of(timed.game),
        false_alarm=timed.alarm,
        discount=np.array(timed.discount),
        hazard=lambda first, last: timed.hazard * (last - first),
        stalling=np.array(timed.stalling),
        stalls=np.array(timed.stalls),
        grace=timed.grace,
    )
    rows = zip(timed.days, timed.actors, timed.may, strict=True)
    return stakes, [Turn(day, actor, tuple(may)) for day, actor, may in rows]


def check(timed: twin.Timed, sizes: Sizes, *, whole: bool = True) -> None:
    """What is claimed of sizes holds by the definition."""
    assert sizes.lots.min() >= -1e-9
    assert sizes.lots.sum(axis=0) + np.array(timed.game.start) == pytest.approx(np.array(timed.game.lots))
    if whole:
        assert (sizes.lots == np.rint(sizes.lots)).all()
        plan = [tuple(int(lots) for lots in row) for row in sizes.lots]
        assert plan in list(timed.plans())
        judged = timed.judged(plan, [float(g) for g in sizes.guarantee])
        assert judged is not None
        assert sizes.shares == pytest.approx(np.array(judged[0]), abs=1e-9)
        assert sizes.prompt == (pytest.approx(judged[1], abs=1e-9) if judged[1] < np.inf else None)


@pytest.mark.parametrize("rounds", [1, 2, 3, 4, 5])
def test_the_smallest_bond_of_the_closed_form(rounds: int):
    """O3: bond = c_A (g - 1) / (g^n - 1)."""
    expected = oracle("O3")["expected"]["L_A"][str(rounds)]
    found = least_guarantee(swap(1, 0.0), alternating(rounds), 0.0, most=NO_BOND_FOR_B)
    assert found is not None
    assert found.proven
    assert found.guarantee == pytest.approx(np.array([expected, 0.0]), abs=1e-9)
    assert found.smallest == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("cost", "value"), [(1.0, 3.0), (2.0, 5.0), (4.0, 6.0)])
@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_the_closed_form_with_other_numbers(cost: float, value: float, rounds: int):
    g = (value / cost) ** 2
    found = least_guarantee(swap(1, 0.0, cost, value), alternating(rounds), 0.0, most=NO_BOND_FOR_B)
    assert found is not None
    assert found.guarantee[0] == pytest.approx(cost * (g - 1) / (g**rounds - 1), abs=1e-9)


def test_a_hundred_rounds():
    found = least_guarantee(swap(1, 0.0), alternating(100), 0.0, most=NO_BOND_FOR_B)
    assert found is not None
    assert found.guarantee[0] == pytest.approx(3 / (4**100 - 1), abs=1e-9)


def test_the_staircase_in_whole_lots():
    expected = oracle("O3")["expected"]["n3_tranches"]
    lots = expected["lots"]
    found = least_guarantee(swap(lots, 0.0), alternating(3), 0.0, most=NO_BOND_FOR_B, whole=True)
    assert found is not None
    assert found.proven
    assert found.lots[::2, 1].tolist() == expected["B"]
    assert found.lots[1::2, 0].tolist() == expected["A"]
    assert found.guarantee[0] == pytest.approx(expected["A"][-1] / lots)


def test_the_discount_of_a_delay_as_in_the_oracle():
    """O4: A gives first, B ten days later; the chance that it comes to that discounts what A gets."""
    expected = oracle("O4")
    stakes = replace(swap(1, 0.0), hazard=lambda first, last: expected["inputs"]["hazard"] * (last - first))
    stakes = replace(
        stakes,
        worth=(np.array([[0.0, -5.0], [0.0, 10.0]]), np.array([[0.0, 9.0], [0.0, -4.0]])),
        guarantee=np.array([0.0, 4.0]),
    )
    turns = [Turn(0, 0, (0,)), Turn(expected["inputs"]["gap_days"], 1, (1,))]
    found = widest_sizes(stakes, turns)
    gain = -5 + 9 * np.exp(-0.2)
    assert gain == pytest.approx(expected["expected"]["A_slack"])
    assert found.shares == pytest.approx(np.array([1.0, 0.0]))
    kept = least_guarantee(replace(stakes, guarantee=np.zeros(2)), turns, 0.0)
    assert kept is not None
    assert kept.guarantee == pytest.approx(np.array([0.0, 4.0]))


def alike(timed: twin.Timed) -> bool:
    """Whether no step could deliver things that are not equally visible."""
    return all(len({timed.game.detection[o] for o in may}) == 1 for may in timed.may)


SHAPES = [
    ((2, 2), 4, {}),
    ((3, 2), 5, {}),
    ((1, 1, 2), 4, {"needs": True}),
    ((2, 2), 4, {"started": True}),
    ((3, 2), 4, {"bent": True, "started": True, "needs": True}),
]


@pytest.mark.parametrize(("lots", "steps", "wishes"), SHAPES, ids=str)
def test_guarantees_are_the_smallest_of_all_sizes(lots: tuple[int, ...], steps: int, wishes: dict[str, bool]):
    assert compare_guarantees(0, 25, lots, steps, **wishes) >= 5


def compare_guarantees(first: int, last: int, lots: tuple[int, ...], steps: int, **wishes: bool) -> int:
    """How many answers were compared with all sizes tried; each is the best there is."""
    compared = 0
    for seed in range(first, last):
        timed = twin.timed(Random(seed), even(seed, lots, **wishes), steps)
        for margin in (0.0, 0.1):
            expected = twin.least_guarantee(timed, margin)
            stakes, turns = posed(timed)
            found = least_guarantee(stakes, turns, margin, whole=True)
            if alike(timed):
                assert (found is None) == (expected is None), (seed, margin)
            if found is None:
                continue
            check(timed, found)
            assert expected is not None
            assert found.smallest >= margin - 1e-9
            assert found.proven == alike(timed)
            assert found.guarantee.sum() >= expected - 1e-6
            if found.proven:
                assert found.guarantee.sum() == pytest.approx(expected, abs=1e-6)
                compared += 1
    return compared


@pytest.mark.parametrize(("lots", "steps", "wishes"), SHAPES, ids=str)
def test_slacks_are_the_widest_of_all_sizes(lots: tuple[int, ...], steps: int, wishes: dict[str, bool]):
    compared = 0
    for seed in range(25):
        timed = twin.timed(Random(seed), even(seed, lots, **wishes), steps)
        expected = twin.widest(timed)
        stakes, turns = posed(timed)
        if expected is None:
            with pytest.raises(NotApplicable, match="change who acts when"):
                widest_sizes(stakes, turns, whole=True)
            continue
        found = widest_sizes(stakes, turns, whole=True)
        check(timed, found)
        assert found.proven == alike(timed)
        assert found.smallest <= expected + 1e-8
        if found.proven:
            assert found.smallest == pytest.approx(expected, abs=1e-8)
            compared += 1
    assert compared >= 5


@pytest.mark.parametrize("seed", range(15))
def test_lots_that_can_be_cut_do_no_worse(seed: int):
    timed = twin.timed(Random(seed), even(seed, (3, 2)), 4)
    stakes, turns = posed(timed)
    whole, cut = (least_guarantee(stakes, turns, 0.05, whole=whole) for whole in (True, False))
    if whole is not None:
        assert cut is not None
        check(timed, cut, whole=False)
        assert cut.guarantee.sum() <= whole.guarantee.sum() + 1e-7
    wide = [widest_sizes(stakes, turns, whole=whole).smallest for whole in (True, False)]
    assert wide[1] >= wide[0] - 1e-8


def test_no_sizes_among_many_in_shares_do_better():
    """A fine grid of shares: the middle cut of both sides, a discount and a hazard."""
    stakes = replace(
        swap(1, 0.0), discount=np.array([0.01, 0.0]), hazard=lambda first, last: 0.005 * (last - first)
    )
    turns = alternating(2, gap=5)
    found = widest_sizes(replace(stakes, guarantee=np.array([0.3, 0.1])), turns)
    fine = twin.Timed(
        game=replace(_game_of_swap(40), guarantee=[Fraction(3, 10), Fraction(1, 10)]), days=[0, 5, 10, 15],
        actors=[1, 0, 1, 0], may=[[1], [0], [1], [0]], discount=[0.01, 0.0], hazard=0.005, alarm=0.0,
        stalling=[0.0, 0.0], stalls=[False, False], grace=0,
    )  # fmt: skip
    on_the_grid = twin.widest(fine)
    assert on_the_grid is not None
    assert on_the_grid - 1e-9 <= found.smallest <= on_the_grid + 0.05


def _game_of_swap(lots: int) -> lattice.Exchange:
    rising, falling = ([Fraction(s * x, lots) for x in range(lots + 1)] for s in (2, -1))
    return lattice.Exchange(
        lots=(lots, lots), giver=(0, 1), worth=[[falling, rising], [rising, falling]],
        reversible=[Fraction(0)] * 2, base=[Fraction(0)] * 2, moves=[[Fraction(0)] * 2] * 2,
        closing=[Fraction(0)] * 2, guarantee=[Fraction(0)] * 2, detection=[Fraction(1)] * 2,
    )  # fmt: skip


def test_weights_choose_who_guarantees():
    """One swap: whoever acts last needs a guarantee, unless its own is capped."""
    stakes, turns = swap(1, 0.0), alternating(1)
    found = least_guarantee(stakes, turns, 0.1, weights=np.array([5.0, 1.0]))
    assert found is not None
    assert found.guarantee == pytest.approx(np.array([1.1, 0.0]))
    assert least_guarantee(stakes, turns, 0.1, most=np.array([1.0, 9.0])) is None


def test_a_harsher_guarantee_can_backfire_where_alarms_are_false():
    """The bond that holds A at its last step costs it whenever its honest step is taken for a default."""
    stakes = replace(swap(1, 0.0), false_alarm=0.6, detection=np.full(2, 0.5))
    assert least_guarantee(stakes, alternating(1), 0.0) is None


def test_worth_that_bends_is_refused_by_name_unless_lots_are_whole_and_few():
    stakes = swap(2, 0.1)
    bent = replace(stakes, worth=(np.array([[0.0, -0.9, -1.0], [0.0, 1.0, 2.0]]), stakes.worth[1]))
    with pytest.raises(NotApplicable, match="what 'a' is worth to A is not in proportion to its lots"):
        widest_sizes(bent, alternating(1))
    assert widest_sizes(bent, alternating(2), whole=True).proven
    many = swap(25, 0.1)
    costs = np.array([-(np.arange(26.0) ** 2), np.arange(26.0) * 99])
    with pytest.raises(NotApplicable, match="whole lots, at most 24"):
        widest_sizes(replace(many, worth=(costs, many.worth[1] * 999)), alternating(2), whole=True)


def test_what_has_no_turn_is_named():
    with pytest.raises(NotApplicable, match="no step delivers 'a'"):
        widest_sizes(swap(2, 0.1), [Turn(0, 1, (1,))])


def test_branch_and_bound_cut_short_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solver, "MOST_NODES", 0)
    stakes, turns = swap(997, 0.01), alternating(6)
    with pytest.raises(LimitExceeded, match="within 0 nodes"):
        widest_sizes(stakes, turns, whole=True)


def test_what_only_the_tolerance_of_branch_and_bound_allows_is_no_answer():
    """The cheaper of two breaks a row by half a millionth; the other keeps both, and is found in its place."""
    kept = np.array([[5e-7, 1.0, -1.0 - 5e-7], [4e-6, -1.0, 1.0]])
    cost, high, integral = np.array([1.0, 0.0]), np.array([1.0, 2.0]), np.array([1, 0])
    found = solver.solved(solver.Asked(cost, kept, 2, np.zeros(2), high, integral))
    assert found is not None
    values, proven = found
    assert values[0] == 1
    assert (kept[:, :-1] @ values + kept[:, -1] >= -1e-9).all()
    assert not proven


def test_the_input_is_left_alone():
    stakes = swap(3, 0.1)
    arrays = [stakes.lots, *stakes.worth, stakes.guarantee, stakes.moves, stakes.delivered, stakes.detection]
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    least_guarantee(stakes, alternating(2), 0.1, whole=True)
    widest_sizes(stakes, alternating(2))
    assert [array.tobytes() for array in arrays] == before


CHATTY = """
from tests.test_programme import chatty
chatty()
print("done")
"""


def chatty() -> Sizes:
    """Sizes during whose search HiGHS (of scipy 1.17) writes to standard output, whatever its options."""
    even = np.linspace(0, 1, 1701)
    stakes = replace(
        swap(1700, 0.0),
        worth=(np.array([-8.77 * even, 16.85 * even]), np.array([12.63 * even, -6.84 * even])),
        closing=np.array([3.0, 5.0]), guarantee=np.array([4.0, 3.0]), detection=np.full(2, 0.9),
        discount=np.full(2, 0.001), hazard=lambda first, last: 0.003 * (last - first),
        stalling=np.full(2, 0.01), stalls=np.full(2, True), grace=3,
    )  # fmt: skip
    return widest_sizes(stakes, [Turn(7 * k, k % 2, (k % 2,)) for k in range(8)], whole=True)


def test_nothing_is_written_to_standard_output():
    done = subprocess.run(
        [sys.executable, "-c", CHATTY], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout == "done\n"


BITS = """
from tests.test_programme import bits
print(bits())
"""


def bits() -> str:
    """Every bit of some answers."""
    stakes = swap(50, 0.05)
    found = [widest_sizes(stakes, alternating(n), whole=whole) for n, whole in ((3, True), (20, False))]
    kept = least_guarantee(stakes, alternating(4), 0.02, whole=True)
    assert kept is not None
    return "".join(sizes.lots.tobytes().hex() + sizes.guarantee.tobytes().hex() for sizes in (*found, kept))


def test_two_processes_and_two_thread_counts_agree_bit_for_bit():
    found = []
    for count in "12":
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), count)
        done = subprocess.run(
            [sys.executable, "-c", BITS], cwd=Path(__file__).parent.parent, capture_output=True, text=True,
            check=True, env={**os.environ, **threads, "PYTHONHASHSEED": count},
        )  # fmt: skip
        found.append(done.stdout)
    assert found[0] == found[1]
    assert found[0].strip()
