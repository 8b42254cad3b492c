"""From what a search found to a choice: all packages of the best value, and how far the search came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from winset.analyses.agreement.problem import Best, Choice, Proof, Sought, nothing
from winset.space.build import Space
from winset.space.goals import Goal, lexi, linear
from winset.space.numbers import Floats, points
from winset.space.worth import Choices


def whole_zone(sought: Sought, objective: float) -> Choice:
    """Every package of the zone ties."""
    return listed(sought, linear((), np.empty(0)), 0, objective, objective)


def listed(sought: Sought, goal: Goal, value: int, objective: float | None, bound: float | None) -> Choice:
    """All packages of the zone that have this value of the goal."""
    every = sought.zone.all(goal, value)
    proof = Proof(bound, proven=True, all_counted=every.proven)
    return Choice(objective, nothing(), chosen=every.choices, tied=every.packages, sought=proof)


def unproven(found: Best, objective: float | None) -> Choice | None:
    """The best that a search saw before it reached its limit; None where it saw nothing."""
    if found.choice is None:
        return None
    proof = Proof(found.bound, proven=False, all_counted=False)
    return Choice(objective, nothing(), chosen=found.choice, tied=1, sought=proof)


def leximin(sought: Sought, signs: tuple[str, ...], base: Floats, scale: Floats) -> Choice | None:
    """The lexicographic maximum of the smallest gains (points - base) / scale, and all packages of it."""
    reached: list[int] = []
    for found in sought.zone.levels(lexi(signs, base, scale, ())):
        if found.value is None:
            return None
        if not found.proven:
            return unproven(found, points(reached[0] if reached else found.value))
        reached.append(found.value)
    goal = lexi(signs, base, scale, tuple(reached[:-1]))
    return listed(sought, goal, reached[-1], points(reached[0]), points(reached[0]))


def together(space: Space, found: Sequence[Choices]) -> Choices:
    """Packages by option numbers, each once, in the order of their numbers: by block, then by option."""
    by_block = [issue for block in space.blocks for issue in block.issues]
    every = np.concatenate([np.empty((0, len(by_block)), np.int16), *found])
    once: Choices = np.unique(every[:, by_block], axis=0)[:, np.argsort(by_block)]
    return once
