"""The chance that a weighted vote passes: against all ways it can go, and what the kernel promises besides."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import numpy as np
import pytest
from scipy import stats

from winset.kernels.ballots import MOST_SUMS, Steps, Tally, TooFine

SHAPES: tuple[tuple[int, ...], ...] = ((), (1,), (3,), (2, 1), (2, 3), (4, 1, 3))


def brute_force(members: list[Steps], bar: int, yes: list[float], no: list[float]) -> float:
    """Every member adds its yes, nothing or its no; the chance that the sum reaches the bar."""
    total = 0.0
    for answers in product(range(3), repeat=len(members)):
        tally = sum((m.yes, 0, m.no)[a] for m, a in zip(members, answers, strict=True))
        chance = math.prod((y, 1 - y - n, n)[a] for y, n, a in zip(yes, no, answers, strict=True))
        total += chance * (tally >= bar)
    return total


def random_members(random: Random, most: int) -> list[Steps]:
    """Up to so many members; some only say yes, some take away with a no or even with a yes, some weigh nothing."""
    kind = random.choice(["whole", "share", "any"])
    found = []
    for _ in range(random.randint(0, most)):
        weight = random.randint(0, 9)
        bar = random.randint(0, 4)
        steps = {"whole": (weight, 0), "share": (weight * (4 - bar), -weight * bar)}
        found.append(Steps(*steps.get(kind, (random.randint(-6, 6), random.randint(-6, 6)))))
    return found


def random_chances(random: Random) -> tuple[float, float]:
    """Chances of a yes and of a no; the rest stays away."""
    yes = random.choice([0.0, 1.0, random.random(), random.random()])
    return yes, random.choice([0.0, 1 - yes, (1 - yes) * random.random()])


@pytest.mark.parametrize("first", range(0, 900, 300))
def test_random_votes_against_all_ways_they_can_go(first: int):
    undecided = 0
    for seed in range(first, first + 300):
        random = Random(seed)
        members = random_members(random, 6)
        most = sum(max(m.yes, m.no, 0) for m in members)
        least = sum(min(m.yes, m.no, 0) for m in members)
        bar = random.randint(least - 1, most + 1)
        yes, no = (
            map(list, zip(*(random_chances(random) for _ in members), strict=True)) if members else ([], [])
        )
        # A no that adds nothing is as good as staying away, whatever its chance.
        wanted = brute_force(members, bar, yes, no)
        found = Tally(members, bar).passes([np.array(p) for p in yes], [np.array(p) for p in no])
        assert found == pytest.approx(wanted, abs=1e-13), seed
        undecided += 0 < wanted < 1
    assert undecided > 100


@pytest.mark.parametrize("seed", range(40))
def test_chances_of_any_shapes_that_fit_and_the_answer_has_them(seed: int):
    random = Random(seed)
    members = [Steps(random.randint(-3, 6), random.choice([0, 0, -1, -2])) for _ in range(4)]
    bar, rng = random.randint(-3, 12), np.random.default_rng(seed)
    yes = [rng.random(random.choice(SHAPES)) for _ in members]
    no = [(1 - y) * random.random() for y in yes]
    shape = np.broadcast_shapes(*(y.shape for y in yes))
    found = Tally(members, bar).passes(yes, no)
    assert found.shape == shape
    for place in np.ndindex(shape):
        at = [[float(np.broadcast_to(p, shape)[place]) for p in ps] for ps in (yes, no)]
        assert found[place] == pytest.approx(brute_force(members, bar, *at), abs=1e-13)


@pytest.mark.parametrize(("bar", "wanted"), [(0, 1.0), (-7, 1.0), (8, 0.0)])
def test_what_is_settled_from_the_start_has_the_shape_of_the_chances(bar: int, wanted: float):
    chances = [np.full((2, 1), 0.5), np.full(3, 0.5)]
    found = Tally([Steps(3), Steps(4)], bar).passes(chances, chances)
    assert found.shape == (2, 3)
    assert (found == wanted).all()


def test_one_who_decides_alone_leaves_the_others_shape_to_the_answer():
    dictator = Tally([Steps(5), Steps(1), Steps(1)], 3)
    found = dictator.passes([np.array(0.25), np.full(4, 0.5), np.full((2, 1), 0.5)], [np.zeros(())] * 3)
    assert found.shape == (2, 4)
    assert (found == 0.25).all()


def test_nobody_votes():
    assert Tally([], 0).passes([], []) == 1
    assert Tally([], 1).passes([], []) == 0


@pytest.mark.parametrize(("members", "bar", "p"), [(1000, 501, 0.5), (1000, 700, 0.69), (300, 1, 0.001)])
def test_many_equal_members_are_binomial(members: int, bar: int, p: float):
    found = Tally([Steps(1)] * members, bar).passes([np.array(p)] * members, [np.array(0.0)] * members)
    assert found == pytest.approx(stats.binom.sf(bar - 1, members, p), abs=1e-12)


def test_large_weights_are_exact():
    """One vote more or less in 2**61 decides."""
    members = [Steps(2**60), Steps(2**60 - 1), Steps(1)]
    half = [np.array(0.5)] * 3
    assert Tally(members, 2**61).passes(half, half) == 0.125
    assert Tally(members, 2**61 - 1).passes(half, half) == 0.25
    assert Tally(members, 2**60).passes(half, half) == 0.625


def test_a_tally_of_too_many_sums_is_refused():
    rng = np.random.default_rng(1)
    weights = rng.integers(10**9, 2 * 10**9, 40).tolist()
    with pytest.raises(TooFine):
        Tally([Steps(w) for w in weights], sum(weights) // 2)
    # The same weights are no trouble where the bar leaves little open.
    assert Tally([Steps(w) for w in weights], sum(weights)).passes(
        [np.array(0.9)] * 40, [np.array(0.1)] * 40
    ) == pytest.approx(0.9**40)


def test_nearly_as_many_sums_as_are_allowed_are_counted():
    """Against all subsets counted in a whole number, a slot of 40 bits for every sum."""
    weights = np.random.default_rng(2).integers(7_000, 9_000, 36).tolist()
    bar = sum(weights) // 2
    assert 0.9 * MOST_SUMS < sum(weights) < MOST_SUMS
    half = [np.array(0.5)] * 36
    found = Tally([Steps(w) for w in weights], bar).passes(half, half)
    subsets = 1
    for weight in weights:
        subsets += subsets << (40 * weight)
    above = subsets >> (40 * bar)
    assert found == pytest.approx(above % (2**40 - 1) / 2**36, abs=1e-12)


def test_inputs_are_left_alone_and_answers_do_not_depend_on_the_order_of_members():
    rng = np.random.default_rng(3)
    members = [Steps(int(a), -int(b)) for a, b in rng.integers(0, 9, (7, 2))]
    yes = [rng.random(5) * 0.6 for _ in members]
    no = [rng.random(5) * 0.4 for _ in members]
    before = [array.copy() for array in (*yes, *no)], list(members)
    for array in (*yes, *no):
        array.flags.writeable = False
    tally = Tally(members, 4)
    found = tally.passes(yes, no)
    assert (tally.passes(yes, no) == found).all()
    assert all((a == b).all() for a, b in zip((*yes, *no), before[0], strict=True))
    assert members == before[1]
    turned = Tally(members[::-1], 4).passes(yes[::-1], no[::-1])
    assert turned == pytest.approx(found, abs=1e-14)
    found[:] = -1  # the answer is the caller's own
    assert (tally.passes(yes, no) >= 0).all()
