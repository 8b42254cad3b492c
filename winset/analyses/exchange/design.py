"""Schedules that hold better: orders by the lattice, sizes by the programme, certificates by the evaluation.

Orders are the best there are where time costs nothing. Where it does, that they are, with days and sizes
found for them, is not proven, and they are called the best found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from winset.analyses.exchange.certified import Drafted, Office
from winset.analyses.exchange.dating import Days
from winset.analyses.exchange.deliveries import Turn
from winset.analyses.exchange.designs import DesignAnswer, Designed, Rung
from winset.analyses.exchange.grids import MOST_STATES, Grid, coarsened, grid
from winset.analyses.exchange.lattice_path import Path, fewest, widest
from winset.analyses.exchange.programme import Sizes, least_guarantee, widest_sizes
from winset.analyses.exchange.rounding import neat
from winset.analyses.exchange.stakes import Stakes, measure, stakes_of
from winset.analyses.exchange.terms import Terms
from winset.case.exchange import MOST_DAYS, Exchange
from winset.errors import LimitExceeded, NotApplicable, OutOfRange, UnknownName
from winset.space.numbers import Floats

WIDEST = "The order that holds best"
FEWEST = "As few tranches as keep the margin"
FEW = "An order of few tranches"
RESIZED = "{}, with sizes found for its days"
GUARANTEED = "The order that needs least guarantee"
LEAST_MARGIN, MOST_TRANCHES = 0.001, 12
_NO_MATTER = 0.01  # of guarantees, as a share of gains: not worth a tranche more
_NOTHING = 1e-6
NO_ORDER = "no order keeps the margin with the guarantees as they are"
NOT_FOUND = "as few tranches as keep the margin: none was found with the guarantees as they are"
NO_BETTER = "no other sizes were found that hold better"
NO_GUARANTEE = "no guarantee was found, however large, that makes so few tranches keep the margin"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a design is asked for.

    `margin`: the smallest slack, as a share of what the exchange gains the side, 0.001 to 1. Steps are from
    day `first` on, `gap` days apart, or less where a last day presses. The ladder goes up to `tranches`, at
    most 12. `read_by`: the side whose reading of what must come first is kept; None: everybody's.
    """

    margin: float = 0.05
    first: int = 0
    gap: int = 1
    tranches: int = 8
    read_by: str | None = None

    def __post_init__(self) -> None:
        ranges = {"margin": (LEAST_MARGIN, 1.0), "first": (0, MOST_DAYS), "gap": (0, MOST_DAYS)}
        for name, (low, high) in (ranges | {"tranches": (1, MOST_TRANCHES)}).items():
            if not low <= getattr(self, name) <= high:
                raise OutOfRange(name, getattr(self, name), low, high)


def design(
    exchange: Exchange, terms: Terms, wishes: Wishes | None = None, delivered: Mapping[str, int] | None = None
) -> DesignAnswer:
    """Schedules for what is left of an exchange, `terms` being in point mode and so much `delivered` already.

    Raises NotApplicable where nothing is left to be delivered, where a giver gains nothing by it all, and
    where what must come first leaves no order; LimitExceeded where obligations are too many to be looked at
    even with their lots merged; UnknownName for a reader.
    """
    asked = wishes or Wishes()
    if asked.read_by is not None and asked.read_by not in terms.sides:
        raise UnknownName("side", asked.read_by, terms.sides)
    days = Days.of(exchange, asked.first, asked.gap)
    stakes = stakes_of(exchange, terms, delivered, asked.read_by)
    stakes = replace(stakes, needs=tuple(sorted({*stakes.needs, *days.needs()})))
    return _Designer(stakes, asked, days, Office(terms, stakes, days, asked.margin)).answer()


@dataclass(frozen=True, eq=False)
class _Designer:
    """Everything that a design is made from; `refused` gathers what was not found, and why."""

    stakes: Stakes
    wishes: Wishes
    days: Days
    office: Office
    refused: dict[str, str] = field(default_factory=dict)

    @cached_property
    def over(self) -> Grid:
        """Every state of delivery, or as many as can be looked at."""
        every = grid(self.stakes)
        return every if every.states <= MOST_STATES else coarsened(self.stakes)

    @cached_property
    def givers(self) -> list[int]:
        return sorted({int(self.stakes.giver[o]) for o in self.stakes.owed})

    @cached_property
    def measure(self) -> Floats:
        """What the exchange gains each giver where time costs nothing."""
        return measure(self.stakes, self.stakes.gain(), self.givers)

    @property
    def exact(self) -> bool:
        """Whether the lattice tells the whole of it: time costs nothing, and no lots were merged."""
        late = self.stakes.grace and self.stakes.stalls.any()
        costs = (*self.stakes.discount, *self.office.terms.rates[0], self.stakes.false_alarm, late)
        return not any(costs) and max(self.over.merged) == 1

    def answer(self) -> DesignAnswer:
        """All that is found, and why the rest is not."""
        schedules = dict(self._ordered())
        ladder = tuple(self._never_rising(self._ladder(), schedules.get("fewest")))
        schedules |= self._guaranteed(ladder)
        merged = zip(self.stakes.obligations, self.over.merged, strict=True)
        return DesignAnswer(
            margin=self.wishes.margin,
            read_by=self.wishes.read_by,
            schedules=schedules,
            refused=self.refused,
            ladder=ladder,
            merged={name: many for name, many in merged if many > 1},
        )

    def _ordered(self) -> Iterator[tuple[str, Designed]]:
        """What the lattice finds, at the guarantees as stated; where time costs something, resized."""
        best = widest(self.stakes, self.over)
        yield "widest", self._of_path(WIDEST, best)
        short = fewest(self.stakes, self.wishes.margin, self.over)
        if short is None:
            self.refused["fewest"] = NO_ORDER if self.exact else NOT_FOUND
        else:
            found = self._of_path(FEWEST, short)
            if found.keeps_margin:
                yield "fewest", found
            else:
                self.refused["fewest"] = NOT_FOUND
        if not self.exact:
            base = WIDEST if short is None else FEW if "fewest" in self.refused else FEWEST
            yield from self._resized(RESIZED.format(base), short or best)

    def _resized(self, title: str, path: Path) -> Iterator[tuple[str, Designed]]:
        """The order of a path with other sizes, where that holds better."""
        turns = self.days.turns(self.stakes, [tranche.giver for tranche in path.tranches])
        sized = self._filled("resized", turns, partial(widest_sizes, self.stakes, whole=True))
        if sized is None:
            return
        before = self._of_path(title, path).certificate.over_default
        found = self._of_sizes(title, *sized, proven=False)
        after = found.certificate.over_default
        if after is not None and (before is None or after > before):
            yield "resized", found
        else:
            self.refused["resized"] = NO_BETTER

    def _ladder(self) -> Iterator[Rung]:
        """Up to where no guarantee is needed any more, or no more tranches are asked for."""
        for tranches in range(len(self.givers), self.wishes.tranches + 1):
            rung = self._rung(tranches)
            yield rung
            if rung.total is not None and rung.total <= _NOTHING:
                return

    def _never_rising(self, ladder: Iterable[Rung], fewest: Designed | None) -> Iterator[Rung]:
        """Each rung with the best that was found with no more steps: what keeps the margin in three tranches
        does so in four."""
        rungs = list(ladder)
        found = [(r.total, r.designed) for r in rungs if r.total is not None and r.designed is not None]
        if fewest is not None:
            stated = float((self.stakes.guarantee / self.measure)[self.givers].sum())
            found.append((neat(stated), replace(fewest, proven=False)))
        for rung in rungs:
            fits = [each for each in found if len(each[1].steps) <= rung.tranches]
            best = min(fits, key=lambda each: each[0], default=None)
            worse = rung.total is None or (best is not None and best[0] < rung.total - _NOTHING)
            yield Rung(rung.tranches, *best) if best is not None and worse else rung
            if best is not None and best[0] <= _NOTHING:
                return

    def _rung(self, tranches: int) -> Rung:
        """The least guarantees with so many tranches, whoever begins."""
        least = partial(
            least_guarantee, self.stakes, margin=self.wishes.margin, weights=1 / self.measure, whole=True
        )
        orders = [self._taking_turns(first, tranches) for first in range(len(self.givers))]
        sized = [self._filled("guaranteed", turns, least) for turns in orders]
        found = [(self._total(each[1]), *each) for each in sized if each is not None]
        if not found:
            return Rung(tranches, None, None)
        total, turns, sizes = min(found, key=lambda each: each[0])
        # Of two sides that take turns, one begins or the other.
        proven = len(found) == 2 == len(self.givers) and all(
            each.proven and len(filled) == tranches for _, filled, each in found
        )
        return Rung(tranches, neat(total), self._of_sizes(GUARANTEED, turns, sizes, proven=proven))

    def _taking_turns(self, first: int, tranches: int) -> list[Turn]:
        order = [self.givers[(first + k) % len(self.givers)] for k in range(tranches)]
        return self.days.turns(self.stakes, order)

    def _filled(
        self, name: str, turns: list[Turn], sized: Callable[[Sequence[Turn]], Sizes | None]
    ) -> tuple[list[Turn], Sizes] | None:
        """Sizes with which every turn delivers something, the others being left out, and the turns."""
        found = None
        while True:
            try:
                sizes = sized(turns)
            except (NotApplicable, LimitExceeded) as error:
                self.refused[name] = str(error)
                return found
            if sizes is None:
                return found
            found = turns, sizes
            turns = [turn for turn, row in zip(turns, sizes.lots, strict=True) if np.rint(row).any()]
            if len(turns) == len(sizes.lots):
                return found

    def _total(self, sizes: Sizes) -> float:
        return float((sizes.guarantee / self.measure).sum())

    def _guaranteed(self, ladder: Sequence[Rung]) -> dict[str, Designed]:
        """The rung with the least guarantees, of several about as low that with the fewest tranches; whether
        another order or other days need less is not known."""
        found = [(r.total, r.designed) for r in ladder if r.total is not None and r.designed is not None]
        if not found:
            self.refused.setdefault("guaranteed", NO_GUARANTEE)
            return {}
        self.refused.pop("guaranteed", None)
        least = min(total for total, _ in found)
        best = next(each for total, each in found if total <= least + _NO_MATTER)
        return {"guaranteed": replace(best, proven=False)}

    def _of_path(self, title: str, path: Path) -> Designed:
        days = self.days.of_tranches(path.tranches)
        steps = [Drafted(day, t.giver, t.lots) for day, t in zip(days, path.tranches, strict=True)]
        return self.office.designed(title, steps, self.stakes.guarantee, proven=self.exact)

    def _of_sizes(self, title: str, turns: Sequence[Turn], sizes: Sizes, *, proven: bool) -> Designed:
        """Turns that deliver something, with what they do."""
        rows = np.rint(sizes.lots).astype(int).tolist()
        lots = [{o: count for o, count in enumerate(row) if count} for row in rows]
        drafts = zip(turns, lots, strict=True)
        steps = [Drafted(turn.day, turn.giver, does) for turn, does in drafts if does]
        return self.office.designed(title, steps, sizes.guarantee, proven=proven)
