"""The states of delivery that a design looks at: every number of lots, or lots merged where too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, prod

import numpy as np

from winset.analyses.exchange.stakes import Stakes
from winset.errors import LimitExceeded
from winset.space.numbers import Ints

MOST_STATES = 10_000_000


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
