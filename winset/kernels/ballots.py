"""The chance that a weighted vote passes when each member decides by itself: a dynamic programme.

A member adds `yes` to the tally, or `no`, or nothing where it stays away. What the tally can be, and where
each sum leads, is worked out once; chances then follow for any number of cases at a time. Sums that every
rest wins, or loses, are not carried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_SUMS = 300_000


class Steps(NamedTuple):
    """What a member adds to the tally with a yes and with a no; the rest of the chance adds nothing."""

    yes: int
    no: int = 0


class _Move(NamedTuple):
    """Where the sums go that a member's answer leads on: from which places, to which, and which then win."""

    source: Ints
    target: Ints
    wins: Ints


class TooFine(ValueError):
    """A tally that can be more than 300,000 different sums."""


class Tally:
    """A weighted vote that passes when the tally reaches `bar`.

    Weights and bar are whole numbers below 2**62 in sum. Raises TooFine where the tally can be more than
    300,000 different sums.
    """

    def __init__(self, members: Sequence[Steps], bar: int) -> None:
        # Heavy members first: what is decided early is carried least.
        self._order = sorted(range(len(members)), key=lambda i: -(abs(members[i].yes) + abs(members[i].no)))
        rest = [members[i] for i in self._order]
        most = np.cumsum([0, *(max(s.yes, s.no, 0) for s in reversed(rest))], dtype=np.int64)[::-1]
        least = np.cumsum([0, *(min(s.yes, s.no, 0) for s in reversed(rest))], dtype=np.int64)[::-1]
        self._settled = None if least[0] < bar <= most[0] else bool(least[0] >= bar)
        self._sizes: list[int] = []
        self._moves: list[tuple[_Move, ...]] = []
        sums = np.zeros(1, np.int64)
        for number, steps in enumerate(rest if self._settled is None else ()):
            high, low = most[number + 1], least[number + 1]
            reached = np.unique(np.concatenate([sums + steps.yes, sums + steps.no, sums]))
            after = reached[(reached + high >= bar) & (reached + low < bar)]
            if len(after) > MOST_SUMS:
                raise TooFine
            # A no that adds nothing is as good as staying away.
            adds = (steps.yes, 0, steps.no) if steps.no else (steps.yes, 0)
            self._moves.append(tuple(_move(sums + add, after, bar - low) for add in adds))
            self._sizes.append(len(after))
            sums = after

    @property
    def width(self) -> int:
        """How many sums are carried on at a time, at most."""
        return max((1, *self._sizes))

    def passes(self, yes: Sequence[Floats], no: Sequence[Floats]) -> Floats:
        """The chance that the vote passes, given each member's chances of a yes and of a no.

        They may have any shapes that can be broadcast together, which the answer has.
        """
        shape = np.broadcast_shapes(*(np.shape(chance) for chance in (*yes, *no)))
        if self._settled is not None:
            return np.full(shape, float(self._settled))
        won: Floats = np.zeros(shape)
        carried: Floats = np.ones((1,) + (1,) * max(np.ndim(p) for p in (*yes, *no)))
        for member, size, moves in zip(self._order, self._sizes, self._moves, strict=True):
            chances = _chances(yes[member], no[member], len(moves))
            shape = np.broadcast_shapes(carried.shape[1:], *(np.shape(chance) for chance in chances))
            onward: Floats = np.zeros((size, *shape))
            for chance, move in zip(chances, moves, strict=True):
                if len(move.wins):
                    won += (carried[move.wins] * chance).sum(axis=0)
                if len(move.source):
                    onward[move.target] += carried[move.source] * chance
            carried = onward
        return won


def _chances(yes: Floats, no: Floats, answers: int) -> tuple[Floats, ...]:
    """The chances of a yes, of adding nothing, and of a no that counts."""
    return (yes, 1.0 - yes) if answers == 2 else (yes, 1.0 - yes - no, no)


def _move(sums: Ints, after: Ints, enough: int) -> _Move:
    """Where sums lead: those from `enough` on win whatever follows, and those not among `after` lose."""
    wins = np.flatnonzero(sums >= enough)
    places = np.searchsorted(after, sums)
    inside = (places < len(after)) & (sums < enough)
    inside[inside] = after[places[inside]] == sums[inside]
    source = np.flatnonzero(inside)
    return _Move(source, places[source], wins)
