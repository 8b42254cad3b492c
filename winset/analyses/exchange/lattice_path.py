"""The best order of an exchange where time costs nothing: a sweep over all states of delivery.

The slack of whoever starts a tranche is V - default = [C + U(full) - U(x)] - [S(x) - m G]: with later steps
kept, and neither discount nor hazard nor false alarms, it depends on what was delivered before, x, and of the
tranche only on the chance m that its default is seen, which is that of the most visible thing in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from winset.analyses.exchange.grids import MOST_STATES, Grid, grid
from winset.analyses.exchange.stakes import Stakes, measure
from winset.errors import LimitExceeded, NotApplicable
from winset.kernels.lattice import NEVER, sweep
from winset.space.numbers import Floats, Ints, points, quantise

Bools = NDArray[np.bool_]

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
            "mend `after`, or keep to one side's reading"
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
            raise NotApplicable("nothing is left to be delivered; a design needs lots that are")
        self._stakes, self._grid = stakes, over
        self._sizes = np.array([len(marks) - 1 for marks in over.marks], np.int64)
        givers = sorted({int(stakes.giver[o]) for o in stakes.owed})
        scale = measure(stakes, stakes.gain(), givers)
        self._held = np.concatenate([self._falls(o) for o in range(len(over.marks))], axis=1) / scale[:, None]
        self._rows = [row for giver in givers for row in _rows(stakes, giver)]
        self._rows.sort(key=lambda row: row.seeking)
        self._room = np.array([self._at_start(row) / scale[row.giver] for row in self._rows], float)
        self._places = _Places.of(self._rows, stakes.detection)

    def _falls(self, o: int) -> Floats:
        """What slacks fall by from state 0 on, (P, marks of o): stopping gains, what is left shrinks."""
        stakes, marks = self._stakes, self._grid.marks[o]
        gone = stakes.worth[o][:, marks]
        falls = (1 - stakes.reversible[o]) * gone + stakes.moves[:, [o]] * (marks / stakes.lots[o])
        return np.asarray(falls - falls[:, :1])

    def _at_start(self, row: _Row) -> float:
        return float(self._stakes.gain()[row.giver] + row.detection * self._stakes.guarantee[row.giver])

    def run(self, bar: int, *, bundled: bool, counted: bool) -> tuple[int, list[Tranche] | None]:
        """The smallest slack share, in whole 1e-9ths, and the tranches; None where there is no way."""
        starts = np.concatenate([[0], np.cumsum(self._sizes + 1)[:-1]]).astype(np.int64)
        whose = np.array([row.giver for row in self._rows], np.int64)
        bars = np.full(len(whose), bar, np.int64)
        count, width, chosen, more = sweep(
            self._sizes, starts, self._held, whose, self._room, bars, *self._places, *self._needs(), bundled,
            counted,
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
            before, place = tuple(at), int(chosen[state])
            giver = self._rows[self._places.level[place]].giver
            taking = True
            while taking:
                what = self._places.what[place]
                at[what] += 1
                state += strides[what]
                place, taking = self._further(int(self._places.after[place]), more[state])
            found.append(Tranche(giver, self._lots(before, at)))
        return found

    def _further(self, place: int, more: Any) -> tuple[int, bool]:
        """The place at which the tranche takes another lot, and whether there is one."""
        while not more[place >> 3] >> (place & 7) & 1:
            if self._places.ends[place]:
                return place, False
            place += 1
        return place, True

    def _lots(self, before: Sequence[int], after: Sequence[int]) -> dict[int, int]:
        pairs = enumerate(zip(self._grid.marks, before, after, strict=True))
        return {o: int(marks[b] - marks[a]) for o, (marks, a, b) in pairs if b > a}


@dataclass(frozen=True, slots=True)
class _Row:
    """What a giver may put into a tranche, in order, that is seen with a chance of `detection` if not done.

    With `seeking`, something as visible as that is still to come.
    """

    giver: int
    detection: float
    chain: list[int]
    seeking: bool


def _rows(stakes: Stakes, giver: int) -> list[_Row]:
    """One row for each chance of detection that a giver's tranches can have, the smallest first."""
    mine = [o for o in _needing_first(stakes) if stakes.giver[o] == giver]
    chances = sorted({float(stakes.detection[o]) for o in mine})
    if not stakes.guarantee[giver]:
        chances = chances[:1]  # it makes no difference what is seen
    return [_Row(giver, m, mine, m > chances[0]) for m in chances]


class _Places(NamedTuple):
    """The places of the kernel: one for each obligation of each row."""

    what: Ints
    level: Ints
    after: Ints
    ends: Bools
    free: Bools

    @classmethod
    def of(cls, rows: list[_Row], detection: Floats) -> _Places:
        """Rows that seek nothing stand first: there others go on once what they seek is taken."""
        places = [(t, o) for t, row in enumerate(rows) for o in row.chain]
        free = {o: c for c, (t, o) in enumerate(places) if not rows[t].seeking}
        seeking = [rows[t].seeking and detection[o] < rows[t].detection for t, o in places]
        return cls(
            what=np.array([o for _, o in places], np.int64),
            level=np.array([t for t, _ in places], np.int64),
            after=np.array([c if seeking[c] else free[o] for c, (_, o) in enumerate(places)], np.int64),
            ends=np.array([o == rows[t].chain[-1] for t, o in places], bool),
            free=np.array([not rows[t].seeking for t, _ in places], bool),
        )


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
        raise NotApplicable(
            f"{names} wait for each other; mend `after`, or keep to one side's reading"
        ) from error
