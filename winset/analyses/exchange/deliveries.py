"""What is delivered by when, as forms over unknowns: a row of coefficients, and last a constant.

Lots that are worth as much as one another are one unknown a turn, how many of them are delivered by then;
lots whose worth bends are an unknown each, 1 once it is delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from winset.analyses.exchange.stakes import Stakes
from winset.errors import NotApplicable
from winset.space.numbers import Floats

MOST_BENT = 24  # lots whose worth bends
_EVEN = 1e-9  # of the worth of all lots: what rounding may bend a straight line


@dataclass(frozen=True, slots=True)
class Turn:
    """A step to be filled: who acts on which day, and which of its obligations it may deliver then."""

    day: int
    giver: int
    may: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Deliveries:
    """What may be delivered at which of K turns. `last`: the last turn of each obligation with lots left,
    when all are delivered; `bent`: those of which each lot has an unknown of its own."""

    stakes: Stakes
    turns: Sequence[Turn]
    last: dict[int, int]
    bent: frozenset[int]

    @classmethod
    def of(cls, stakes: Stakes, turns: Sequence[Turn], *, whole: bool) -> Deliveries:
        """Raises NotApplicable where lots are left without a turn; and where worth bends, unless lots are
        `whole` and there are at most 24 of it."""
        last = {o: k for k, turn in enumerate(turns) for o in turn.may}
        for o in stakes.owed:
            if o not in last:
                name = stakes.obligations[o]
                raise NotApplicable(f"no step delivers '{name}'; give its giver a turn for it in its days")
        most = MOST_BENT if whole else 0
        return cls(stakes, turns, {o: last[o] for o in stakes.owed}, _bent(stakes, most))

    def rows_of(self, o: int) -> int:
        """How many unknowns an obligation has at a turn."""
        return int(self.stakes.lots[o] - self.stakes.delivered[o]) if o in self.bent else 1

    def open(self, o: int) -> list[int]:
        """The turns at which it is open how much of an obligation is delivered."""
        return [k for k, turn in enumerate(self.turns) if o in turn.may and k < self.last[o]]

    @cached_property
    def cuts(self) -> int:
        """How many unknowns there are."""
        return sum(len(self.open(o)) * self.rows_of(o) for o in self.last)

    def delivered(self, unknowns: int) -> dict[int, Floats]:
        """By obligation with lots left, what was delivered of it before each turn and at the end: lots beyond
        those delivered at the start, in one row or a row for each; (K + 1, rows, form). `unknowns`: how many
        a form has."""
        found, first = {}, 0
        for o, last in self.last.items():
            rows, open_ = self.rows_of(o), self.open(o)
            forms = np.zeros((len(self.turns) + 1, rows, unknowns + 1))
            for k in range(len(self.turns)):
                forms[k + 1] = forms[k]
                if k in open_:
                    forms[k + 1] = np.eye(rows, unknowns + 1, first)
                    first += rows
            forms[last + 1 :] = 0.0
            left = self.stakes.lots[o] - self.stakes.delivered[o]
            forms[last + 1 :, :, -1] = 1.0 if o in self.bent else left
            found[o] = forms
        return found

    def worth_of(self, o: int) -> Floats:
        """Points that each row of an obligation is worth to each party, (P, rows)."""
        worth, gone = self.stakes.worth[o], self.stakes.delivered[o]
        if o in self.bent:
            return np.diff(worth[:, gone:], axis=1)
        return np.asarray(worth[:, -1:] / (worth.shape[1] - 1))


def _bent(stakes: Stakes, most: int) -> frozenset[int]:
    """Obligations whose lots are not all worth the same to everybody; NotApplicable for too many lots."""
    found = set()
    for o in stakes.owed:
        worth = stakes.worth[o]
        off = np.abs(worth - worth[:, -1:] * np.linspace(0, 1, worth.shape[1])).max(axis=1)
        if off.max() <= _EVEN * np.abs(worth).max():
            continue
        if worth.shape[1] - 1 > most:
            raise NotApplicable(
                f"what '{stakes.obligations[o]}' is worth to {stakes.parties[int(off.argmax())]} is not in "
                f"proportion to its lots; sizes are then found only for whole lots, at most {MOST_BENT}: "
                "give its worth as one number, or put lots together"
            )
        found.add(o)
    return frozenset(found)
