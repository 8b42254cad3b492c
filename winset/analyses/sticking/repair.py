"""The cheapest set of walk-aways lowered and red lines lifted that makes a package acceptable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.analyses.sticking.answers import Mending, Repair
from winset.analyses.sticking.patterns import costs
from winset.analyses.sticking.price import NEVER, bought, price
from winset.analyses.sticking.scene import Ground, Scene
from winset.errors import OutOfRange
from winset.space.consent import batches
from winset.space.numbers import Floats, Ints, points, quantise
from winset.space.package import crossed_by
from winset.space.worth import Choices, utilities

SHOWN = 5
LOOKED_AT = 500
# Prices within which the cheapest stays far above rounding and the dearest far below NEVER.
CHEAPEST, DEAREST = 0.01, 100.0


@dataclass(frozen=True, slots=True)
class Tariff:
    """What acceptance costs: points a walk-away comes down, red lines that are lifted."""

    per_point: float = 1.0
    per_line: float = 10.0

    def __post_init__(self) -> None:
        for name in ("per_point", "per_line"):
            price = getattr(self, name)
            if not CHEAPEST <= price <= DEAREST:
                raise OutOfRange(name, price, CHEAPEST, DEAREST)


def repair(ground: Ground, tariff: Tariff) -> Repair | None:
    """The cheapest way to a zone over all packages; None where nothing would make one."""
    best = int(NEVER)
    tied: list[NDArray[np.int64]] = []
    for packages, consent in batches(ground.space):
        costs_of = prices(ground, tariff, ground.space.choices(packages), consent.worth)
        if costs_of.min() < best:
            best, tied = int(costs_of.min()), []
        if best < NEVER:
            tied.append(packages[costs_of == best])
    if best >= NEVER:
        return None
    every = np.concatenate(tied)
    return described(ground, tariff, ground.space.choices(every[:LOOKED_AT]), best, len(every))


def described(ground: Ground, tariff: Tariff, cheapest: Choices, cost: int, tied: int) -> Repair:
    """The ways that the first of the cheapest packages take, each once; `cost` in whole 1e-9ths."""
    ways: dict[tuple[object, ...], Mending] = {}
    for row in cheapest[:LOOKED_AT]:
        found = _mending(ground, tariff, row, cost)
        asked = tuple(found.lower.items()), tuple(found.lift.items())
        ways.setdefault(asked, found)
    return Repair(points(cost), tied, len(ways), tuple(ways.values())[:SHOWN])


def mending(scene: Scene, tariff: Tariff) -> Mending | None:
    """The cheapest way to make the package, or a completion of the text, acceptable."""
    if not len(scene.completions):
        return None
    found = prices(scene.ground, tariff, scene.completions, scene.consent.worth)
    best = int(found.min())
    if best >= NEVER:
        return None
    return _mending(scene.ground, tariff, scene.completions[int(found.argmin())], best)


def prices(ground: Ground, tariff: Tariff, choices: Choices, utilities: Floats) -> Ints:
    """What it costs to make each package acceptable, in whole 1e-9ths; shape (packages,)."""
    return price(ground.formula, _costs(ground, tariff, choices, utilities))


def _costs(ground: Ground, tariff: Tariff, choices: Choices, utilities: Floats) -> dict[str, Ints]:
    per = (tariff.per_point, tariff.per_line)
    return {ref: costs(ground.space, ref, choices, utilities, *per) for ref in ground.formula.members}


def _mending(ground: Ground, tariff: Tariff, row: Choices, cost: int) -> Mending:
    space = ground.space
    choices = row.reshape(1, -1)
    worth = utilities(space, choices)
    found = {ref: int(c[0]) for ref, c in _costs(ground, tariff, choices, worth).items()}
    package = space.named(row)
    lower: dict[str, tuple[float, float]] = {}
    lift: dict[str, tuple[str, ...]] = {}
    for ref in bought(ground.formula, found):
        place = space.faction(ref)
        walk_away, utility = quantise(np.array([space.walk_away[place], worth[place, 0]]))
        if utility < walk_away:
            lower[ref] = (points(walk_away), points(utility))
        if lines := crossed_by(space, ref, package)[0]:
            lift[ref] = lines
    return Mending(points(cost), package, lower, lift)
