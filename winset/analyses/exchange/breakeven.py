"""How wrong may this be: for each number by itself, the nearest value at which the smallest slack is 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from winset.analyses.exchange.answers import BreakEven
from winset.analyses.exchange.evaluate import slacks
from winset.analyses.exchange.lines import slopes, stretch
from winset.analyses.exchange.numbers import Kind, Number
from winset.analyses.exchange.rounding import neat
from winset.analyses.exchange.steps import Outline, game
from winset.analyses.exchange.terms import Source, Terms
from winset.kernels import backward
from winset.kernels.backward import TIE
from winset.space.numbers import Floats

STRAIGHT: tuple[Kind, ...] = (
    "worth", "reversible", "base", "moves", "closing", "guarantee", "acts", "stalling",
)  # fmt: skip
CURVED: tuple[Kind, ...] = ("detection", "false_alarm", "discount", "hazard")
ROWS = 128  # evaluations at once
# How far on the way to the end of its range a number is looked at: closely near where it is. Two turns
# between neighbours go unseen.
GRID = np.unique(np.concatenate([np.geomspace(1e-6, 1, 300), np.linspace(0.005, 1, 200)]))
ROUNDS, PARTS = 6, 64  # what is left of a stretch of the grid is its 1e-11th


@dataclass(frozen=True, eq=False, slots=True)
class Handle:
    """A number to be moved, with how all numbers move along, (numbers,), for a unit of it: a worth that goes
    lot by lot moves as a whole, its lots in proportion."""

    number: Number
    direction: Floats

    @property
    def value(self) -> float:
        """The number in point mode."""
        return self.number.estimate.point


def handles(source: Source) -> Iterator[Handle]:
    """The numbers of an exchange that slack depends on."""
    mode = source.mode[0]
    curves: dict[tuple[str, str], list[int]] = {}
    for place, number in enumerate(source.numbers):
        if number.lot:
            curves.setdefault((number.side, number.what), []).append(place)
        elif number.kind in STRAIGHT or number.kind in CURVED:
            yield _handle(source, [place])
    for curve in curves.values():
        if mode[curve[-1]] != 0:
            yield _handle(source, curve)


def _handle(source: Source, places: list[int]) -> Handle:
    """The last of these numbers, the others in proportion."""
    mode, last = source.mode[0], places[-1]
    direction = np.zeros(len(mode))
    direction[places] = mode[places] / mode[last] if len(places) > 1 else 1.0
    return Handle(source.numbers[last], direction)


def break_evens(source: Source, steps: Outline) -> tuple[BreakEven, ...]:
    """For each number, all others in point mode, where the plan just holds, or just fails."""
    every = tuple(handles(source))
    straight = [handle for handle in every if handle.number.kind in STRAIGHT]
    curved = [handle for handle in every if handle.number.kind in CURVED]
    found = dict(zip(straight, _straight(source, steps, straight), strict=True))
    terms = source.terms()
    found |= {handle: _Bent(terms, steps, handle.number).nearest() for handle in curved}
    return tuple(_answer(handle, found[handle]) for handle in every)


def _answer(handle: Handle, at: float | None) -> BreakEven:
    number, estimate = handle.number, handle.number.estimate
    within = at is not None and estimate.low - TIE <= at <= estimate.high + TIE
    where = None if at is None else neat(at)
    return BreakEven(number.kind, number.side or None, number.what or None, neat(handle.value), where, within)


def _straight(source: Source, steps: Outline, moved: Sequence[Handle]) -> Iterator[float | None]:
    """Along these numbers each condition is a straight line: two points give it, and where all hold."""
    base = _margins(source, steps, source.mode)[0].ravel()
    now = float(base.min())
    for first in range(0, len(moved), ROWS):
        some = moved[first : first + ROWS]
        rows = source.mode + np.array([handle.direction for handle in some])
        for handle, row in zip(some, _margins(source, steps, rows), strict=True):
            estimate, value = handle.number.estimate, handle.value
            least = 0.0 if handle.number.kind == "guarantee" else type(estimate).lower
            low, high = least - value, type(estimate).upper - value
            yield _nearest_end(now, base, slopes(base, row.ravel()), low, high, value)


def _nearest_end(
    now: float, base: Floats, slope: Floats, low: float, high: float, value: float
) -> float | None:
    if abs(now) <= TIE:
        return value
    found = stretch(base, slope, low, high)
    if found.empty:
        return None
    ends = [(found.low, found.low_by), (found.high, found.high_by)]
    turning = [end for end, by in ends if by >= 0]
    return value + min(turning, key=abs) if turning else None


def _margins(source: Source, steps: Outline, values: Floats) -> Floats:
    played = game(source.terms(values), steps)
    return backward.margins(played, backward.kept(played))


# Numbers along which conditions bend


@dataclass(frozen=True, eq=False, slots=True)
class _Bent:
    """A number that is moved, alone, in these terms."""

    terms: Terms
    steps: Outline
    number: Number

    def nearest(self) -> float | None:
        """The nearest value on a grid at which the sign turns, then looked at more closely."""
        estimate = self.number.estimate
        value = estimate.point
        now = float(self.least(np.array([value]))[0])
        if abs(now) <= TIE:
            return value
        ends = [end for end in (type(estimate).lower, type(estimate).upper) if end != value]
        turns = [turn for end in ends if (turn := self._turn(now, value, end)) is not None]
        return min(turns, key=lambda at: abs(at - value), default=None)

    def _turn(self, now: float, value: float, end: float) -> float | None:
        looked = value + np.concatenate([[0.0], GRID]) * (end - value)
        other = self.least(looked) * np.sign(now) <= 0
        if not other.any():
            return None
        for _ in range(ROUNDS):
            beyond = int(np.argmax(other))
            looked = np.linspace(looked[beyond - 1], looked[beyond], PARTS + 1)
            other = self.least(looked) * np.sign(now) <= 0
            other[-1] = True  # as was found, whatever rounding makes of it
        return float(looked[np.argmax(other)])

    def least(self, values: Floats) -> Floats:
        """The smallest slack at these values of the number; (values,)."""
        moved: dict[str, Any] = {}
        for place in self.number.places:
            array = moved.setdefault(
                place.array, getattr(self.terms, place.array).repeat(len(values), axis=0)
            )
            array[(slice(None), *place.at)] = values
        return np.asarray(slacks(game(replace(self.terms, **moved), self.steps)).min(axis=1))
