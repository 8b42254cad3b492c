"""The lattice: no order is better than the one that the sweep finds, none that keeps the margin shorter."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.helpers import in_a_process
from tests.reference import reference
from tests.twins import lattice as twin
from winset.analyses.exchange.grids import coarsened
from winset.analyses.exchange.lattice_path import Path as Way
from winset.analyses.exchange.lattice_path import fewest, widest
from winset.analyses.exchange.stakes import Need, Stakes
from winset.errors import LimitExceeded, NotApplicable


def stakes_of(game: twin.Exchange) -> Stakes:
    """The twin's exchange as arrays."""
    parties = len(game.base)
    return Stakes(
        parties=tuple(f"p{p}" for p in range(parties)),
        obligations=tuple(f"o{o}" for o in range(len(game.lots))),
        lots=np.array(game.lots),
        giver=np.array(game.giver),
        worth=tuple(np.array(worth, float) for worth in game.worth),
        reversible=np.array(game.reversible, float),
        base=np.array(game.base, float),
        moves=np.array(game.moves, float),
        closing=np.array(game.closing, float),
        guarantee=np.array(game.guarantee, float),
        detection=np.array(game.detection, float),
        delivered=np.array(game.start),
        needs=tuple(Need(*need) for need in game.needs),
        discount=np.zeros(parties),
        stalling=np.zeros(parties),
        stalls=np.zeros(parties, bool),
    )


def plan_of(game: twin.Exchange, way: Way) -> twin.Plan:
    """A way that was found, as the twin writes it."""
    return tuple((t.giver, tuple(t.lots.get(o, 0) for o in range(len(game.lots)))) for t in way.tranches)


def whole(share: float) -> int:
    return round(share * 1e9)


def check(game: twin.Exchange, way: Way) -> None:
    """What is claimed of a way holds by the definition, and it may be gone."""
    plan, x = plan_of(game, way), game.start
    for step in plan:
        assert step in set(game.steps(x))
        x = twin.moved(x, step[1])
    assert game.smallest(plan) == whole(way.smallest)


def oracle(name: str) -> dict[str, Any]:
    found = json.loads(reference("data", "exchange", "oracles.json").read_text())
    return next(dict(entry) for entry in found if entry["id"] == name)


def test_single_lots_in_the_best_of_all_orders():
    """O10: 90 orders a case."""
    expected = oracle("O10")
    cases = expected["inputs"]["random_cases"]
    games = [twin.exchange(seed) for seed in range(cases)]
    assert sum(1 for _ in games[0].orders(games[0].start)) == 90
    assert compare_orders(0, cases) == expected["expected"]["mismatches"]


def compare_orders(first: int, last: int, **wishes: Any) -> int:
    """How many random exchanges have a better order of single lots than was found, or none that was."""
    mismatches = 0
    for seed in range(first, last):
        game = twin.exchange(seed, **wishes)
        best = twin.widest(game, single=True)
        if best is None:
            with pytest.raises(NotApplicable, match="mend `after`"):
                widest(stakes_of(game), bundled=False)
            continue
        way = widest(stakes_of(game), bundled=False)
        check(game, way)
        assert all(sum(step[1]) == 1 for step in plan_of(game, way))
        mismatches += whole(way.smallest) != best
    return mismatches


def test_single_lots_with_prerequisites_more_parties_and_a_start():
    assert compare_orders(100, 150, needs=True) == 0
    assert compare_orders(200, 240, needs=True, started=True, lots=(2, 2, 1, 2)) == 0
    assert compare_orders(300, 340, parties=3, lots=(1, 2, 2)) == 0


def compare_tranches(first: int, last: int, **wishes: Any) -> int:
    """How many answers in tranches were compared with all ways of bundling; each is the best there is."""
    compared = 0
    for seed in range(first, last):
        game = twin.exchange(seed, **wishes)
        best = twin.widest(game, single=False)
        if best is None:
            continue
        way = widest(stakes_of(game))
        check(game, way)
        assert whole(way.smallest) == best
        for margin in {best / 1e9, 0.0, 0.05, best / 1e9 - 0.1, best / 1e9 + 1e-9}:
            expected, found = twin.fewest(game, margin), fewest(stakes_of(game), margin)
            assert (found is None) == (expected is None)
            if found and expected:
                check(game, found)
                assert (len(found.tranches), whole(found.smallest)) == expected
            compared += 1
        assert (len(way.tranches), best) == twin.fewest(game, best / 1e9)
    return compared


@pytest.mark.parametrize(
    "wishes",
    [
        {"lots": (2, 2)},
        {"lots": (3, 2), "started": True},
        {"lots": (2, 1, 2), "needs": True},
        {"lots": (1, 1, 1, 1), "needs": True},
        {"lots": (1, 2, 1), "parties": 3},
    ],
    ids=str,
)
def test_tranches_are_the_best_of_all_bundlings(wishes: dict[str, Any]):
    assert compare_tranches(0, 40, **wishes) > 100


@pytest.mark.parametrize("seed", range(20))
def test_tranches_are_no_worse_than_single_lots(seed: int):
    stakes = stakes_of(twin.exchange(seed, (3, 2, 3, 2)))
    single, tranches = widest(stakes, bundled=False), widest(stakes)
    assert tranches.smallest >= single.smallest
    assert len(tranches.tranches) <= len(single.tranches) == 10


def swap(lots: int, bond: float, cost: float = 1.0, value: float = 2.0) -> Stakes:
    """O3: A and B each owe one thing, worth `value` to the other; A has a bond."""
    even = np.linspace(0, 1, lots + 1)
    return Stakes(
        parties=("A", "B"), obligations=("a", "b"), lots=np.array([lots, lots]), giver=np.array([0, 1]),
        worth=(np.array([-cost * even, value * even]), np.array([value * even, -cost * even])),
        reversible=np.zeros(2), base=np.zeros(2), moves=np.zeros((2, 2)), closing=np.zeros(2),
        guarantee=np.array([bond, 0.0]), detection=np.ones(2), delivered=np.zeros(2, int),
        discount=np.zeros(2), stalling=np.zeros(2), stalls=np.zeros(2, bool),
    )  # fmt: skip


def test_the_staircase_of_the_smallest_bond():
    """O3: with 21 lots six tranches at a bond of 1/21, more just below."""
    expected = oracle("O3")["expected"]["n3_tranches"]
    lots = expected["lots"]
    way = fewest(swap(lots, expected["A"][-1] / lots), 0.0)
    assert way is not None
    assert [tuple(t.lots.items()) for t in way.tranches] == [
        step for b, a in zip(expected["B"], expected["A"], strict=True) for step in (((1, b),), ((0, a),))
    ]
    less = fewest(swap(lots, 0.999 / lots), 0.0)
    assert less is None or len(less.tranches) > 6
    finer = fewest(swap(40 * lots, 0.999 / lots), 0.0)
    assert finer is not None
    assert len(finer.tranches) > 6


def test_slack_nought_at_the_last_step_without_any_guarantee():
    """Whoever delivers last is left with the cost of its last lot: the smaller the lots, the less."""
    for lots in (1, 4, 20):
        way = widest(swap(lots, 0.0), bundled=False)
        assert way.smallest == pytest.approx(-1 / lots)


def test_the_input_is_left_alone():
    stakes = stakes_of(twin.exchange(1, needs=True))
    arrays = [a for name in Stakes.__slots__ for a in _arrays(getattr(stakes, name))]
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    widest(stakes)
    fewest(stakes, 0.1)
    widest(stakes, coarsened(stakes, 8))
    assert [array.tobytes() for array in arrays] == before


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    return [entry for entry in value if isinstance(entry, np.ndarray)] if isinstance(value, tuple) else []


def test_past_ten_million_states_the_limit_is_said_and_coarser_lots_are_offered():
    stakes = swap(4000, 0.1)
    with pytest.raises(
        LimitExceeded, match=r"16,008,001 states of delivery, the limit is 10,000,000; merge lots"
    ):
        widest(stakes)
    over = coarsened(stakes)
    assert over.states <= 10_000_000
    assert over.merged == (2, 2)
    way = fewest(stakes, 0.0, over)
    assert way is not None
    for o in (0, 1):
        assert sum(t.lots.get(o, 0) for t in way.tranches) == 4000


def test_merging_lots_keeps_those_that_are_few_and_spreads_the_rest_evenly():
    game = twin.exchange(0, (2, 100, 30))
    over = coarsened(stakes_of(game), 300)
    assert [len(marks) - 1 for marks in over.marks] == [2, 9, 9]
    assert over.merged == (1, 12, 4)
    for marks, lots in zip(over.marks, game.lots, strict=True):
        widths = np.diff(marks)
        assert (marks[0], marks[-1]) == (0, lots)
        assert widths.max() - widths.min() <= 1
    assert coarsened(stakes_of(game), 3 * 101 * 31).marks[1].tolist() == list(range(101))


def test_what_is_found_on_merged_lots_holds_as_it_stands():
    """Merged lots are bundles, and a prerequisite between two marks waits for the next mark."""
    for seed in range(30):
        game = twin.exchange(seed, (5, 1, 4), needs=True, started=seed % 2 == 1)
        stakes = stakes_of(game)
        over = coarsened(stakes, 20)
        assert over.states <= 20
        try:
            best = widest(stakes)
        except NotApplicable:
            continue
        way = widest(stakes, over)
        check(game, way)
        assert way.smallest <= best.smallest


def test_too_many_obligations_to_be_coarsened_at_all():
    game = twin.exchange(0, (1,) * 24)
    with pytest.raises(LimitExceeded, match=r"24 obligations give at least 16,777,216 states"):
        coarsened(stakes_of(game))


def test_a_giver_that_gains_nothing_is_named():
    with pytest.raises(NotApplicable, match="A gains nothing by the exchange as a whole"):
        widest(swap(2, 1.0, value=1.0))


def test_nothing_left_to_deliver():
    stakes = swap(2, 1.0)
    with pytest.raises(NotApplicable, match="nothing is left"):
        widest(replace(stakes, delivered=stakes.lots))


def test_two_that_wait_for_each_other_are_named():
    game = replace(twin.exchange(0, (1, 1, 1)), giver=(0, 1, 1), needs=[(1, 2, 1), (2, 1, 1)])
    with pytest.raises(NotApplicable, match="'o1' and 'o2' wait for each other"):
        widest(stakes_of(game))


def test_what_was_waited_for_and_came_is_waited_for_no_more():
    stakes = replace(swap(2, 1.0), needs=(Need(0, 1, 1), Need(1, 0, 1)))
    with pytest.raises(NotApplicable, match="no order delivers everything"):
        widest(stakes)
    way = widest(replace(stakes, delivered=np.array([1, 1])))
    assert [(t.giver, t.lots) for t in way.tranches] in (
        [(1, {1: 1}), (0, {0: 1})],
        [(0, {0: 1}), (1, {1: 1})],
    )


BITS = """
from tests.test_lattice import digest
print(digest())
"""


def digest() -> str:
    """Every bit of some answers."""
    found = [repr(widest(stakes_of(twin.exchange(seed, (4, 3, 5), needs=True)))) for seed in (1, 2, 5)]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def test_two_processes_and_two_thread_counts_agree_bit_for_bit():
    one = in_a_process(BITS, NUMBA_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONHASHSEED="1")
    two = in_a_process(BITS, NUMBA_NUM_THREADS="2", OMP_NUM_THREADS="2", PYTHONHASHSEED="2")
    assert one == two
