"""The terms of an exchange as arrays, at the mode or in draws (model.md 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.analyses.exchange.numbers import Listing, Number, at_the_mode, drawn, knots, parties
from winset.analyses.exchange.remaining import unfinished
from winset.case.exchange import Exchange, Schedule
from winset.case.model import Case
from winset.errors import NotApplicable, UnknownName
from winset.space.numbers import Floats, Ints


@dataclass(frozen=True, eq=False, kw_only=True)
class Terms:
    """What an exchange between P sides over O obligations is worth to each, in n draws; points unless said.

    Arrays of one draw stand for all. `lots`, `giver` (O,): how many lots there are, whose they are.
    `curves[o]` (n, P, lots + 1 or 2): what 0, 1, ... lots are worth together, or none and all where each is
    worth as much as the next. `reversible`, `detection`, `hard` (n, O): shares and chances. `base` (n, P) and
    `moves` (n, P, O): what stopping is worth when nothing was delivered, and what full delivery adds.
    `closing` (n, P); `guarantee` (n, P): times the chance that the guarantor acts. `false_alarm` (n,): a
    chance. `discount` (n, P): a rate a day. `rates` (n, H): of incidents a day, each from its day of `starts`
    (H,) on. `stalling` (n, P): a day, up to `grace` days, of the sides of which it is said,
    `stalls` (P,). `noise` (n,).
    """

    sides: tuple[str, ...]
    obligations: tuple[str, ...]
    lots: Ints
    giver: Ints
    curves: tuple[Floats, ...]
    reversible: Floats
    detection: Floats
    base: Floats
    moves: Floats
    closing: Floats
    guarantee: Floats
    false_alarm: Floats
    discount: Floats
    starts: Ints
    rates: Floats
    stalling: Floats
    stalls: NDArray[np.bool_]
    grace: int
    noise: Floats
    hard: Floats

    @cached_property
    def worth(self) -> tuple[Floats, ...]:
        """By obligation, what 0, 1, ... all of its lots are worth together to each side; (n, P, lots + 1)."""
        even = (np.arange(lots + 1) / lots for lots in self.lots.tolist())
        return tuple(
            curve if curve.shape[2] == len(parts) else curve[:, :, -1:] * parts
            for curve, parts in zip(self.curves, even, strict=True)
        )

    def of_lots(self, o: int, lots: int) -> Floats:
        """What so many lots of an obligation are worth to each side together; (n, P)."""
        curve = self.curves[o]
        if curve.shape[2] == self.lots[o] + 1:
            return curve[:, :, lots]
        found: Floats = curve[:, :, -1] * (lots / self.lots[o])
        return found


@dataclass(frozen=True)
class Source:
    """The exchange of a case with all that depends on an issue settled: what its terms are made of."""

    exchange: Exchange
    sides: tuple[str, ...]
    numbers: tuple[Number, ...]
    delivered: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, settled: Mapping[str, str], delivered: Mapping[str, int] | None = None) -> Source:
        """The exchange of a case; `settled` has an option for the issues that its numbers depend on,
        `delivered` the lots that were delivered before, by obligation.

        Raises NotApplicable where the case has no exchange, and where an issue is left open.
        """
        if case.exchange is None:
            raise NotApplicable("the case has no `exchange`; add who owes what, and in which steps")
        sides = parties(case, case.exchange)
        numbers = Listing(case.exchange, sides, settled).numbers()
        return cls(case.exchange, sides, numbers, delivered or {})

    @property
    def schedules(self) -> dict[str, Schedule]:
        """What remains of each schedule of which something does."""
        return unfinished(self.exchange, self.delivered)

    @property
    def mode(self) -> Floats:
        """Its numbers in point mode; (1, numbers)."""
        return at_the_mode(self.numbers)

    def drawn(self, seed: int, first: int, count: int) -> Terms:
        """The terms in draws `first` to `first + count - 1`."""
        return self.terms(drawn(self.numbers, seed, first, count))

    def terms(self, values: Floats | None = None) -> Terms:
        """The terms with these numbers, (n, numbers); in point mode without."""
        given = self.mode if values is None else values
        obligations = self.exchange.obligations
        blank = self._blank(len(given))
        curves = [np.zeros((len(given), len(self.sides), knots(ob))) for ob in obligations.values()]
        for column, number in enumerate(self.numbers):
            for place in number.places:
                array = blank[place.array] if place.curve is None else curves[place.curve]
                at: tuple[slice | int, ...] = (slice(None), *place.at)
                array[at] = given[:, column]
            _spread(number, curves)
        points, acts = blank.pop("points"), blank.pop("acts")
        return Terms(
            sides=self.sides,
            obligations=tuple(obligations),
            lots=np.array([ob.lots for ob in obligations.values()], np.int64),
            giver=np.array([self.sides.index(ob.by) for ob in obligations.values()], np.int64),
            curves=tuple(curves),
            guarantee=points * acts,
            starts=np.array([hazard.from_ for hazard in self.exchange.hazard], np.int64),
            stalls=np.array([side in self.exchange.stalling for side in self.sides], bool),
            grace=self.exchange.grace,
            **blank,
        )

    def _blank(self, n: int) -> dict[str, Floats]:
        """The arrays that numbers fill, with what stands where the case says nothing."""
        sides, obligations = len(self.sides), len(self.exchange.obligations)
        shapes = {"moves": (n, sides, obligations), "rates": (n, len(self.exchange.hazard))}
        shapes |= dict.fromkeys(("reversible", "detection", "hard"), (n, obligations))
        by_side = ("base", "closing", "points", "acts", "discount", "stalling")
        shapes |= dict.fromkeys(by_side, (n, sides)) | dict.fromkeys(("false_alarm", "noise"), (n,))
        return {name: np.zeros(shape) for name, shape in shapes.items()}


def _spread(number: Number, curves: Sequence[Floats]) -> None:
    """Fill up a worth that is spread evenly where somebody else's goes lot by lot."""
    [*_, place] = number.places
    if place.curve is None or number.lot:
        return
    curve, side = curves[place.curve], place.at[0]
    steps = np.arange(curve.shape[2]) / (curve.shape[2] - 1)
    curve[:, side] = curve[:, side, -1:] * steps


def sources(
    case: Case, options: Mapping[str, str], delivered: Mapping[str, int] | None = None
) -> dict[str, Source]:
    """The source of each schedule of which something remains: a schedule may suppose options of its own.

    Raises what `Source.of` does.
    """
    if case.exchange is None:
        raise NotApplicable("the case has no `exchange`; add who owes what, and in which steps")
    found: dict[tuple[tuple[str, str], ...], Source] = {}
    by_schedule = {}
    for name, schedule in unfinished(case.exchange, delivered or {}).items():
        supposed = tuple(sorted(schedule.package.items()))
        if supposed not in found:
            found[supposed] = Source.of(case, {**options, **schedule.package}, delivered)
        by_schedule[name] = found[supposed]
    return by_schedule


def settled(case: Case, package: Mapping[str, str] | None) -> dict[str, str]:
    """The options that numbers may depend on: those of the package; where it leaves an issue open, of the
    text on the table; where that does too, of `exchange.package`. `case` is the case in play.

    Raises UnknownName for a name in the package that nothing in play bears.
    """
    for issue, option in (package or {}).items():
        if issue not in case.issues:
            raise UnknownName("issue", issue, case.issues)
        if option not in case.issues[issue].options:
            raise UnknownName(f"option of '{issue}'", option, case.issues[issue].options)
    table = case.texts[case.on_the_table].package if case.on_the_table else {}
    stated = case.exchange.package if case.exchange else {}
    return {**stated, **table, **(package or {})}
