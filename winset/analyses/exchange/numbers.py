"""The numbers of an exchange, one by one: each with the name of its stream, and the places it fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from winset.case import table
from winset.case.estimate import Estimate
from winset.case.exchange import Amount, ByOption, Exchange, Obligation, Worth
from winset.case.model import Case
from winset.errors import NotApplicable
from winset.space.numbers import Floats
from winset.space.shapes import Part, stream

Kind = Literal[
    "worth",
    "reversible",
    "base",
    "moves",
    "closing",
    "guarantee",
    "acts",
    "detection",
    "false_alarm",
    "discount",
    "hazard",
    "stalling",
    "noise",
    "hard",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number goes: the array of the terms (of a curve: of which obligation), and where in it."""

    array: str
    at: tuple[int, ...] = ()
    curve: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the exchange: what it is, whose, about what, of which lot when a worth goes lot by lot.

    As text it is the name of its stream, the same in every case that has it.
    """

    kind: Kind
    estimate: Estimate
    places: tuple[Place, ...]
    side: str = ""
    what: str = ""
    lot: int = 0

    def __str__(self) -> str:
        words = ("exchange", self.kind, self.side, self.what, self.lot)
        return " ".join(str(word) for word in words if word)


def parties(case: Case, exchange: Exchange) -> tuple[str, ...]:
    """The sides that take part in the exchange or have a stake in it, in the order of the case."""
    named = {who for ob in exchange.obligations.values() for who in (ob.by, *ob.worth)}
    for stakes in (
        exchange.fallbacks,
        exchange.closing,
        exchange.guarantees,
        exchange.discount,
        exchange.stalling,
    ):
        named |= set(stakes)
    named |= {who for schedule in exchange.schedules.values() for step in schedule.steps for who in step.by}
    return tuple(side for side in table.sides(case) if side in named)


@dataclass(frozen=True)
class Listing:
    """Makes the list of an exchange's numbers, with every number by option settled as `settled` says."""

    exchange: Exchange
    sides: tuple[str, ...]
    settled: Mapping[str, str]

    def numbers(self) -> tuple[Number, ...]:
        """All numbers. Raises NotApplicable where one depends on an issue that nothing settles."""
        return (*self._of_obligations(), *self._of_sides(), *self._of_all())

    def _of_obligations(self) -> Iterator[Number]:
        for o, (name, obligation) in enumerate(self.exchange.obligations.items()):
            yield from self._worths(o, name, obligation)
            yield Number("reversible", obligation.reversible, (Place("reversible", (o,)),), what=name)
            if obligation.detection is not None:
                yield Number("detection", obligation.detection, (Place("detection", (o,)),), what=name)
            if obligation.hard is not None:
                yield Number("hard", obligation.hard, (Place("hard", (o,)),), what=name)

    def _worths(self, o: int, name: str, obligation: Obligation) -> Iterator[Number]:
        last = knots(obligation) - 1
        for side, worth in obligation.worth.items():
            p = self.sides.index(side)
            if isinstance(worth, Worth):
                for lot, points in enumerate(worth.cumulative, start=1):
                    yield Number("worth", points, (Place("curve", (p, lot), o),), side, name, lot)
                continue
            estimate = self._amount(worth, f"obligations.{name}.worth.{side}")
            # Evenly spread beside a worth that goes lot by lot: filled up by `evenly`.
            yield Number("worth", estimate, (Place("curve", (p, last), o),), side, name)

    def _of_sides(self) -> Iterator[Number]:
        exchange = self.exchange
        for p, side in enumerate(self.sides):
            yield from self._fallback(p, side)
            if side in exchange.closing:
                estimate = self._amount(exchange.closing[side], f"closing.{side}")
                yield Number("closing", estimate, (Place("closing", (p,)),), side)
            if side in exchange.guarantees:
                given = exchange.guarantees[side]
                estimate = self._amount(given.points, f"guarantees.{side}.points")
                yield Number("guarantee", estimate, (Place("points", (p,)),), side)
                yield Number("acts", given.acts, (Place("acts", (p,)),), side)
            if side in exchange.discount:
                yield Number("discount", exchange.discount[side], (Place("discount", (p,)),), side)
            if side in exchange.stalling:
                yield Number("stalling", exchange.stalling[side], (Place("stalling", (p,)),), side)

    def _fallback(self, p: int, side: str) -> Iterator[Number]:
        if side not in self.exchange.fallbacks:
            return
        fallback, obligations = self.exchange.fallbacks[side], list(self.exchange.obligations)
        estimate = self._amount(fallback.base, f"fallbacks.{side}.base")
        yield Number("base", estimate, (Place("base", (p,)),), side)
        for name, amount in fallback.moves.items():
            estimate = self._amount(amount, f"fallbacks.{side}.moves.{name}")
            yield Number("moves", estimate, (Place("moves", (p, obligations.index(name))),), side, name)

    def _of_all(self) -> Iterator[Number]:
        watch, obligations = self.exchange.monitoring, self.exchange.obligations.values()
        everywhere = [Place("detection", (o,)) for o, ob in enumerate(obligations) if ob.detection is None]
        if everywhere:
            yield Number("detection", watch.detection, tuple(everywhere))
        yield Number("false_alarm", watch.false_alarm, (Place("false_alarm"),))
        for h, hazard in enumerate(self.exchange.hazard):
            yield Number("hazard", hazard.rate, (Place("rates", (h,)),), what=f"from {hazard.from_}")
        yield Number("noise", self.exchange.noise, (Place("noise"),))

    def _amount(self, amount: Amount, key: str) -> Estimate:
        if not isinstance(amount, ByOption):
            return amount
        option = self.settled.get(amount.by)
        if option is None:
            raise NotApplicable(
                f"`exchange.{key}` depends on how '{amount.by}' is settled, which is left open; settle it in "
                f"`exchange.package`, or give a package that does"
            )
        if option not in amount.options:
            raise NotApplicable(
                f"`exchange.{key}` has no number for {amount.by} = {option}; add one for that option"
            )
        return amount.options[option]


def knots(obligation: Obligation) -> int:
    """How many numbers say what an obligation's lots are worth to somebody: one a lot, or 0 and all of them
    where each is worth as much as the next."""
    lot_by_lot = any(isinstance(worth, Worth) for worth in obligation.worth.values())
    return 1 + (obligation.lots if lot_by_lot else 1)


# Their values


def at_the_mode(numbers: Sequence[Number]) -> Floats:
    """The numbers in point mode; (1, numbers)."""
    return np.array([[number.estimate.point for number in numbers]]).reshape(1, -1)


def drawn(numbers: Sequence[Number], seed: int, first: int, count: int) -> Floats:
    """The numbers in draws `first` to `first + count - 1`, each from the stream of its name;
    (count, numbers)."""
    part = Part(at_the_mode(numbers)[0].tolist())
    columns: list[Floats] = []
    for place, number in enumerate(numbers):
        if not number.estimate.is_point:
            part.draw((place,), number.estimate, len(columns))
            columns.append(stream(seed, str(number), first, count))
    return part.at(np.array(columns).reshape(len(columns), count).T)
