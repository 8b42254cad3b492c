"""Days for the steps of a design: as early as windows and the days between steps let it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from winset.analyses.exchange.deliveries import Turn
from winset.analyses.exchange.lattice_path import Tranche
from winset.analyses.exchange.stakes import Need, Stakes
from winset.case.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Days:
    """When steps may be: from day `first` on, `gap` days from one to the next, each obligation, with all its
    `lots[o]`, in its window `earliest[o]` to `latest[o]`, None for no last day."""

    first: int
    gap: int
    lots: tuple[int, ...]
    earliest: tuple[int, ...]
    latest: tuple[int | None, ...]

    @classmethod
    def of(cls, exchange: Exchange, first: int, gap: int) -> Days:
        """With the windows of an exchange."""
        owed = exchange.obligations.values()
        windows = tuple(o.earliest for o in owed), tuple(o.latest for o in owed)
        return cls(first, gap, tuple(o.lots for o in owed), *windows)

    def needs(self) -> tuple[Need, ...]:
        """What must come before what, its last day being before the first of the other."""
        return tuple(
            Need(o, of, self.lots[of])
            for o, first in enumerate(self.earliest)
            for of, last in enumerate(self.latest)
            if last is not None and last < first
        )

    def of_tranches(self, tranches: Sequence[Tranche]) -> list[int]:
        """The first day on which each can be. Where a last day presses, several come on one day; what cannot
        be in time for all that comes too late."""
        due = [min((self._last(o) for o in tranche.lots), default=math.inf) for tranche in tranches]
        days: list[int] = []
        for k, tranche in enumerate(tranches):
            begins = [self.first, *(self.earliest[o] for o in tranche.lots), *days[-1:]]
            free = days[-1] + self.gap if days else self.first
            days.append(int(max([*begins, min(free, *due[k:])])))
        return days

    def _last(self, o: int) -> float:
        last = self.latest[o]
        return math.inf if last is None else last

    def turns(self, stakes: Stakes, order: Sequence[int]) -> list[Turn]:
        """Steps for givers in this order, those left out at which the giver could deliver nothing.

        The last of a giver is late enough for all that it owes. What has no turn in its window is delivered
        at the first after it.
        """
        days = self._stretched(stakes, order)
        may: list[list[int]] = [[] for _ in order]
        for o in stakes.owed:
            mine = [
                k for k, giver in enumerate(order) if giver == stakes.giver[o] and days[k] >= self.earliest[o]
            ]
            within = [k for k in mine if not self.overdue(o, days[k])]
            for k in within or mine[:1]:
                may[k].append(o)
        rows = zip(days, order, may, strict=True)
        return [Turn(day, giver, tuple(owed)) for day, giver, owed in rows if owed]

    def _stretched(self, stakes: Stakes, order: Sequence[int]) -> list[int]:
        last = {giver: k for k, giver in enumerate(order)}
        days: list[int] = []
        for k, giver in enumerate(order):
            begins = [self.earliest[o] for o in stakes.owed if stakes.giver[o] == giver and last[giver] == k]
            days.append(max([days[-1] + self.gap if days else self.first, *begins]))
        return days

    def overdue(self, o: int, day: int) -> int:
        """How many days after its last day a day is."""
        last = self.latest[o]
        return 0 if last is None else max(0, day - last)
