"""From what a search found to a choice: all packages of the best value, and how far the search came."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.problem import Best, Choice, Proof, Sought, nothing
from winset.space.goals import Goal, lexi, linear
from winset.space.numbers import Floats, points


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
    ranked = sought.zone.leximin(lexi(signs, base, scale, ()))
    last, every = ranked.last, ranked.every
    if last.value is None:
        return None
    if every is None:
        return unproven(last, points(ranked.reached[0] if ranked.reached else last.value))
    least = points(ranked.reached[0])
    proof = Proof(least, proven=True, all_counted=every.proven)
    return Choice(least, nothing(), chosen=every.choices, tied=every.packages, sought=proof)
