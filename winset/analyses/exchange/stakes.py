"""The numbers of an exchange in one draw, as a design needs them: who gains what by which delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from winset.analyses.exchange.terms import Terms
from winset.case.exchange import Exchange
from winset.errors import NotApplicable
from winset.kernels.backward import integrated
from winset.space.numbers import Floats, Ints

Bools = NDArray[np.bool_]


class Need(NamedTuple):
    """Before any lot of `obligation`, so many `lots` of `of` must have been delivered, in an earlier step."""

    obligation: int
    of: int
    lots: int


def no_hazard(first: float, last: float) -> float:
    """The chance of an incident, integrated over days, where there is none."""
    return 0.0


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Stakes:
    """An exchange between P parties over O obligations, as in model.md 7; points unless said otherwise.

    `lots`, `giver`, `delivered` (O,): how many lots there are, whose they are, how many were delivered;
    `worth[o]` (P, lots + 1): of so many lots; `reversible`, `detection` (O,): shares and chances;
    `base`, `closing`, `guarantee` (P,), the last times the chance that the guarantor acts; `moves` (P, O);
    `false_alarm`: a chance; `discount` (P,): a rate a day; `hazard`: integrated from one day to another;
    `stalling` (P,): points a day, up to `grace` days, of those who might be late, `stalls` (P,).
    """

    parties: tuple[str, ...]
    obligations: tuple[str, ...]
    lots: Ints
    giver: Ints
    worth: tuple[Floats, ...]
    reversible: Floats
    base: Floats
    moves: Floats
    closing: Floats
    guarantee: Floats
    detection: Floats
    delivered: Ints
    needs: tuple[Need, ...] = ()
    false_alarm: float = 0.0
    discount: Floats
    hazard: Callable[[float, float], float] = no_hazard
    stalling: Floats
    stalls: Bools
    grace: int = 0

    @property
    def owed(self) -> list[int]:
        """Obligations with lots still to be delivered."""
        return [o for o, left in enumerate(self.lots - self.delivered) if left > 0]

    @property
    def waiting(self) -> list[Need]:
        """What is still to be waited for."""
        owed = self.owed
        return [n for n in self.needs if n.obligation in owed and self.delivered[n.of] < n.lots]

    def stop(self, delivered: Ints) -> Floats:
        """S(x), shape (P,): what stopping is worth once so many lots (O,) were delivered."""
        gone = np.stack([worth[:, x] for worth, x in zip(self.worth, delivered, strict=True)], axis=1)
        moved = self.moves * (delivered / self.lots)
        return np.asarray(self.base + (moved - self.reversible * gone).sum(axis=1))

    def gain(self) -> Floats:
        """V(1) - S(0), shape (P,), where nothing is discounted: all that is left, against stopping now."""
        left = sum(w[:, -1] - w[:, x] for w, x in zip(self.worth, self.delivered, strict=True))
        return np.asarray(self.closing + left - self.stop(self.delivered))


def stakes_of(
    exchange: Exchange, terms: Terms, delivered: Mapping[str, int] | None = None, read_by: str | None = None
) -> Stakes:
    """The terms of an exchange in their first draw, with so many lots of obligations `delivered` already.

    What must come first is kept as all sides read it, or as one does.
    """
    arrays = ("reversible", "base", "moves", "closing", "guarantee", "detection", "discount", "stalling")
    return Stakes(
        parties=terms.sides,
        obligations=terms.obligations,
        lots=terms.lots,
        giver=terms.giver,
        worth=tuple(worth[0] for worth in terms.worth),
        delivered=np.array([(delivered or {}).get(name, 0) for name in terms.obligations], np.int64),
        needs=_needs(exchange, read_by),
        false_alarm=float(terms.false_alarm[0]),
        hazard=partial(_hazard, terms),
        stalls=terms.stalls,
        grace=terms.grace,
        **{name: getattr(terms, name)[0] for name in arrays},
    )


def _needs(exchange: Exchange, read_by: str | None) -> tuple[Need, ...]:
    place = {name: o for o, name in enumerate(exchange.obligations)}
    return tuple(
        Need(place[name], place[n.obligation], n.lots or exchange.obligations[n.obligation].lots)
        for name, obligation in exchange.obligations.items()
        for n in obligation.after
        if read_by is None or not n.as_read_by or read_by in n.as_read_by
    )


def _hazard(terms: Terms, first: float, last: float) -> float:
    return float(integrated(terms.rates, terms.starts, np.array([first]), np.array([last]))[0])


def measure(stakes: Stakes, gain: Floats, givers: list[int]) -> Floats:
    """Each party's gain (P,) as the measure of its slack, 1 where it gives nothing.

    Raises NotApplicable where a giver gains nothing: a share of that says nothing.
    """
    for party in givers:
        if gain[party] <= 1e-9:
            short = -float(gain[party])
            lacking = f" ({short:.2g} points less than by stopping at once)" if short > 1e-9 else ""
            raise NotApplicable(
                f"{stakes.parties[party]} gains nothing by the exchange as a whole{lacking}, discounts and "
                "incidents apart, so that no margin can be measured and nothing but what a default costs it "
                "would hold it; raise what completion or the deliveries are worth to it, lower what stopping "
                "is worth, or judge a schedule of your own, whose slacks need no such measure"
            )
    counted = np.isin(np.arange(len(gain)), givers)
    return np.where(counted, gain, 1.0)
