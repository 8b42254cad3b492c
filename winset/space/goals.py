"""What a search makes largest: weighted sums, products of gains, smallest gains in their order; or what is
missing least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.space.numbers import Floats

LINEAR, NASH, LEXI, MISSING = 0, 1, 2, 3


@dataclass(frozen=True, eq=False)
class Goal:
    """What is to be largest, over the parties' gains (points - base) / scale, for the signing factions
    `signs`.

    `linear`: sum of power * points; `nash`: sum of power * log gain; `lexi`: the sum of the `smallest`
    smallest gains, those of fewer reaching `reached` (in whole 1e-9ths) already; `missing`: minus the sum of
    power * what is missing to the base.
    """

    kind: int
    signs: tuple[str, ...]
    base: Floats
    scale: Floats
    power: Floats
    smallest: int = 1
    reached: tuple[int, ...] = ()


def linear(signs: Sequence[str], power: Floats) -> Goal:
    """The largest weighted sum of points."""
    return Goal(LINEAR, tuple(signs), np.zeros(len(signs)), np.ones(len(signs)), power)


def nash(signs: Sequence[str], base: Floats, power: Floats) -> Goal:
    """The largest product of gains; powers above 0."""
    return Goal(NASH, tuple(signs), base, np.ones(len(signs)), power)


def lexi(signs: Sequence[str], base: Floats, scale: Floats, reached: tuple[int, ...]) -> Goal:
    """The next level of a lexicographic maximum of the smallest gains."""
    return Goal(LEXI, tuple(signs), base, scale, np.ones(len(signs)), len(reached) + 1, reached)


def missing(signs: Sequence[str], base: Floats, power: Floats) -> Goal:
    """The least total of what the points lack of `base`, each counted `power` times."""
    return Goal(MISSING, tuple(signs), base, np.ones(len(signs)), power)
