"""The best order of an exchange where time costs nothing: a sweep over all states of delivery.

The slack of whoever starts a tranche is V - default = [C + U(full) - U(x)] - [S(x) - m G]: with later steps
kept, and neither discount nor hazard nor false alarms, it depends on what was delivered before, x, and of the
tranche only on the chance m that its default is seen. Where obligations differ in that, a tranche has the
smallest of its obligations' chances: no tranche is thought safer than it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import ceil, prod
from typing import Any

import numpy as np

from winset.analyses.exchange.stakes import Stakes, measure
from winset.errors import LimitExceeded, NotApplicable
from winset.kernels.lattice import NEVER, sweep
from winset.space.numbers import Floats, Ints, points, quantise

MOST_STATES = 10_000_000
_UNBARRED = -(2**62)


@dataclass(frozen=True, slots=True)
class Tranche:
    """What one party delivers in a step: lots by obligation, both by their places."""

    giver: int
    lots: dict[int, int]


@dataclass(frozen=True, slots=True)
class Path:
    """Tranches up to full delivery, and the smallest slack in any of them.

    A slack is a share of what the whole exchange gains the party that acts, V(1) - S(0).
    """

    tranches: tuple[Tranche, ...]
    smallest: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The states that a sweep looks at: `marks[o]`, ascending, are the numbers of delivered lots of o.

    `merged[o]` says how many lots move together, at most: 1 where every number of lots is looked at.
    """

    marks: tuple[Ints, ...]
    merged: tuple[int, ...]

    @property
    def states(self) -> int:
        """How many states there are."""
        return prod(len(marks) for marks in self.marks)


def grid(stakes: Stakes) -> Grid:
    """Every number of lots from those delivered to all."""
    marks = [np.arange(x, full + 1) for x, full in zip(stakes.delivered, stakes.lots, strict=True)]
    return Grid(tuple(marks), (1,) * len(marks))


def coarsened(stakes: Stakes, most: int = MOST_STATES) -> Grid:
    """The finest grid of at most so many states that has lots merged evenly.

    Of each obligation as many parts are kept as fit, the same number for all that have more lots than that.
    Raises LimitExceeded where even two states of each obligation are too many.
    """
    left = [int(lots) for lots in stakes.lots - stakes.delivered]
    low, high = 1, max([1, *left])
    if _states(left, low) > most:
        raise LimitExceeded(
            f"{len(stakes.owed)} obligations give at least {_states(left, 1):,} states of delivery, "
            f"the limit is {most:,}; put obligations of one giver together"
        )
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _states(left, middle) <= most else (low, middle - 1)
    marks = [_evenly(int(x), lots, low) for x, lots in zip(stakes.delivered, left, strict=True)]
    return Grid(tuple(marks), tuple(max(1, ceil(lots / low)) for lots in left))


def _states(left: Sequence[int], parts: int) -> int:
    return prod(min(lots, parts) + 1 for lots in left)


def _evenly(delivered: int, left: int, parts: int) -> Ints:
    """Numbers of delivered lots that cut what is left into at most so many parts, alike but for one lot."""
    parts = min(left, parts)
    return delivered + (np.arange(parts + 1) * left) // max(parts, 1)


def widest(stakes: Stakes, over: Grid | None = None, *, bundled: bool = True) -> Path:
    """The order that makes the smallest slack share as large as it can be, in as few tranches as that takes.

    Unless `bundled`, every tranche is one lot. Raises NotApplicable where a giver gains nothing or where the
    prerequisites leave no order, and LimitExceeded past 10,000,000 states, which a grid that is `coarsened`
    stays below.
    """
    sweep = _Sweep(stakes, over or grid(stakes))
    share, found = sweep.run(_UNBARRED, bundled=bundled, counted=False)
    if found is None:
        raise NotApplicable(
            "no order delivers everything, for what must be delivered before what forbids them all; "
            "mend `after`"
        )
    if bundled:
        share, found = sweep.run(share, bundled=True, counted=True)
    return Path(tuple(found or ()), points(share))


def fewest(stakes: Stakes, margin: float, over: Grid | None = None) -> Path | None:
    """The fewest tranches in which every slack is at least `margin`; of those, the widest.

    The margin is a share, as slacks are; guarantees are as stated. None where no order keeps the margin.
    Raises as `widest` does.
    """
    share, found = _Sweep(stakes, over or grid(stakes)).run(
        int(quantise(np.array(margin))), bundled=True, counted=True
    )
    return None if found is None else Path(tuple(found), points(share))


class _Sweep:
    """The arrays of the kernel for an exchange, and its answers as tranches."""

    def __init__(self, stakes: Stakes, over: Grid) -> None:
        if over.states > MOST_STATES:
            raise LimitExceeded(
                f"the lots make {over.states:,} states of delivery, the limit is {MOST_STATES:,}; merge lots"
            )
        if not stakes.owed:
            raise NotApplicable(
                "nothing is left to be delivered; a design needs an obligation with lots left"
            )
        self._stakes, self._grid = stakes, over
        self._sizes = np.array([len(marks) - 1 for marks in over.marks], np.int64)
        givers = sorted({int(stakes.giver[o]) for o in stakes.owed})
        scale = measure(stakes, stakes.gain(), givers)
        self._held = np.concatenate([self._falls(o) for o in range(len(over.marks))], axis=1) / scale[:, None]
        levels = [level for giver in givers for level in _levels(stakes, giver)]
        self._whose = np.array([giver for giver, _, _ in levels], np.int64)
        self._room = np.array([self._at_start(giver, m) / scale[giver] for giver, m, _ in levels], float)
        self._what = np.array([o for _, _, chain in levels for o in chain], np.int64)
        self._level = np.array([t for t, (_, _, chain) in enumerate(levels) for _ in chain], np.int64)
        self._ends = np.array([o == chain[-1] for _, _, chain in levels for o in chain], bool)

    def _falls(self, o: int) -> Floats:
        """What slacks fall by from state 0 on, (P, marks of o): stopping gains, what is left shrinks."""
        stakes, marks = self._stakes, self._grid.marks[o]
        gone = stakes.worth[o][:, marks]
        falls = (1 - stakes.reversible[o]) * gone + stakes.moves[:, [o]] * (marks / stakes.lots[o])
        return np.asarray(falls - falls[:, :1])

    def _at_start(self, giver: int, detection: float) -> float:
        return float(self._stakes.gain()[giver] + detection * self._stakes.guarantee[giver])

    def run(self, bar: int, *, bundled: bool, counted: bool) -> tuple[int, list[Tranche] | None]:
        """The smallest slack share, in whole 1e-9ths, and the tranches; None where there is no way."""
        bars = np.full(len(self._whose), bar, np.int64)
        starts = np.concatenate([[0], np.cumsum(self._sizes + 1)[:-1]]).astype(np.int64)
        count, width, chosen, more = sweep(
            self._sizes, starts, self._held, self._whose, self._room, bars, self._what, self._level,
            self._ends, *self._needs(), bundled, counted,
        )  # fmt: skip
        return int(width), None if count == NEVER else self._tranches(chosen, more)

    def _needs(self) -> tuple[Ints, Ints, Ints]:
        """What each obligation waits for: where its needs begin, of which obligation, up to which mark."""
        waiting = sorted(self._stakes.waiting)
        begins = np.searchsorted([need.obligation for need in waiting], np.arange(len(self._sizes) + 1))
        marks = [int(np.searchsorted(self._grid.marks[need.of], need.lots)) for need in waiting]
        return begins, np.array([need.of for need in waiting], np.int64), np.array(marks, np.int64)

    def _tranches(self, chosen: Any, more: Any) -> list[Tranche]:
        """The way from state 0 to the last, as the kernel left it marked."""
        strides = [prod(int(s) + 1 for s in self._sizes[o + 1 :]) for o in range(len(self._sizes))]
        state, last, found = 0, len(chosen) - 1, []
        at = [0] * len(self._sizes)
        while state < last:
            place = int(chosen[state])
            giver, before = int(self._stakes.giver[self._what[place]]), tuple(at)
            taking = True
            while taking:
                at[self._what[place]] += 1
                state += strides[self._what[place]]
                place, taking = self._further(place, more[state])
            found.append(Tranche(giver, self._lots(before, at)))
        return found

    def _further(self, place: int, more: Any) -> tuple[int, bool]:
        """The place in the tranche at which another lot is taken, if at any."""
        while not more[place >> 3] >> (place & 7) & 1:
            if self._ends[place]:
                return place, False
            place += 1
        return place, True

    def _lots(self, before: Sequence[int], after: Sequence[int]) -> dict[int, int]:
        pairs = enumerate(zip(self._grid.marks, before, after, strict=True))
        return {o: int(marks[b] - marks[a]) for o, (marks, a, b) in pairs if b > a}


def _levels(stakes: Stakes, giver: int) -> list[tuple[int, float, list[int]]]:
    """For each chance of detection that a giver's tranches can have: what may go into them, in order."""
    mine = [o for o in _needing_first(stakes) if stakes.giver[o] == giver]
    # Without a guarantee it makes no difference what is seen.
    seen = {o: float(stakes.detection[o]) if stakes.guarantee[giver] else 0.0 for o in mine}
    return [(giver, m, [o for o in mine if seen[o] >= m]) for m in sorted(set(seen.values()))]


def _needing_first(stakes: Stakes) -> list[int]:
    """Obligations with lots left, those that need others of the same giver before these."""
    order: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(stakes.owed, ()))
    for need in stakes.waiting:
        if stakes.giver[need.obligation] == stakes.giver[need.of]:
            order.add(need.of, need.obligation)
    try:
        return list(order.static_order())
    except CycleError as error:
        names = " and ".join(f"'{stakes.obligations[o]}'" for o in sorted(set(error.args[1])))
        raise NotApplicable(f"{names} wait for each other; mend `after`") from error
