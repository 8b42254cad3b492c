"""Who says no first: minimal sets of factions that leave a draw no zone whatever the others accept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.kernels.search import NEVER
from winset.space.arrays import UNASKED
from winset.space.conflicts import conflict, hitting_sets
from winset.space.numbers import Ints, quantise
from winset.space.stack import Told, some

LIMIT = 3_000  # nodes of one question
MOST_ASKED = 2_000  # questions about one draw


@dataclass(frozen=True, slots=True)
class Blocking:
    """The minimal blocking sets of a draw, the smallest first; `complete` says whether these are all.

    A draw with a zone has none. Where a question could not be settled, a set may not be smallest.
    """

    sets: tuple[frozenset[str], ...]
    complete: bool


class Asking:
    """Whether one draw has a package when only some factions are asked and the others accept everything."""

    def __init__(self, told: Told, refs: tuple[str, ...]) -> None:
        self._told, self._refs = told, refs
        self._together: list[frozenset[str]] = []  # whom one package satisfies
        self._asked = 0
        self.settled = True

    def __call__(self, asked: list[str]) -> bool | None:
        """None where that was not settled, and `settled` is then False."""
        chosen = frozenset(asked)
        if any(chosen <= together for together in self._together):
            return True
        self._asked += 1
        rows, certain = some(self._told_of(chosen), LIMIT if self._asked <= MOST_ASKED else 0)
        if rows[0, 0] >= 0:
            self._together.append(chosen | self._accepting(rows[0]))
            return True
        self.settled &= bool(certain[0])
        return False if certain[0] else None

    def _told_of(self, chosen: frozenset[str]) -> Told:
        """What the kernel is told of the draw when only these are asked."""
        asked = np.array([ref in chosen for ref in self._refs])
        told = self._told
        return told._replace(
            crossed=told.crossed & asked[None, :, None],
            floors=np.where(asked, told.floors, UNASKED),
            enough=np.where(asked, told.enough, NEVER),
            must=told.must & asked,
        )

    def _accepting(self, rows: Ints) -> frozenset[str]:
        """Who accepts a package given by rows of blocks."""
        told = self._told
        at = told.starts[:-1] + rows
        accepts = quantise(told.worth[0][:, at].sum(axis=1)) >= told.enough[0]
        accepts &= ~told.crossed[0][:, at].any(axis=1)
        return frozenset(ref for ref, yes in zip(self._refs, accepts, strict=True) if yes)


def blocking(members: tuple[str, ...], asking: Asking) -> Blocking:
    """All minimal blocking sets: conflicts learnt until every set that meets them all leaves a zone."""
    found: list[frozenset[str]] = []
    for spared in hitting_sets(dict.fromkeys(members, 1.0), found):
        asked = [ref for ref in members if ref not in spared]
        smallest = conflict(asked, asking) if asking(asked) is False else None
        if smallest is not None:
            found.append(smallest)
        if not asking.settled:
            break
    found.sort(key=lambda chosen: (len(chosen), sorted(map(members.index, chosen))))
    return Blocking(tuple(found), asking.settled)
