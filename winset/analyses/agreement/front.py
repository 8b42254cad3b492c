"""The frontier of a space of any size: by folding where that holds, else by searches."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.answers import SHOWN_PACKAGES, SHOWN_VECTORS, Frontier, Vector
from winset.analyses.agreement.boxes import boxed
from winset.analyses.agreement.folded import folded
from winset.analyses.agreement.problem import Sought
from winset.space.formula import formula_of, leaves
from winset.space.goals import linear
from winset.space.numbers import QUANTUM, Ints, points


def front(sought: Sought) -> Frontier:
    """All undominated points of the zone; where they are too many, those found, and what is left in words."""
    if sought.exists is False:
        return Frontier(0, ())
    alone = set(leaves(formula_of(sought.space).root)) <= set(sought.signers)
    # Homes are further criteria to fold; two parties are searched through sooner.
    found = folded(sought) if alone or len(sought.signers) != 2 else None
    if found is not None:
        return Frontier(len(found), _vectors(sought, found))
    some = boxed(sought)
    if some.left is None:
        return Frontier(len(some.points), _vectors(sought, some.points))
    return Frontier(None, _vectors(sought, some.points), open=_left(some.left))


def _left(share: float) -> str:
    part = "less than 1%" if share < 0.01 else f"about {100 * share:.0f}%"
    return (
        f"others may lie in {part} of the room between the walk-aways and the most that each could have, "
        "which was not searched to its end"
    )


def _vectors(sought: Sought, found: Ints) -> tuple[Vector, ...]:
    return tuple(_vector(sought, row) for row in found[:SHOWN_VECTORS])


def _vector(sought: Sought, row: Ints) -> Vector:
    """A point of the frontier with its packages: those that give each party as much."""
    every = sought.above(np.multiply(row, QUANTUM, dtype=np.float64)).all(linear((), np.empty(0)), 0)
    worths = {party: points(worth) for party, worth in zip(sought.parties, row.tolist(), strict=True)}
    packages = tuple(sought.space.named(choice) for choice in every.choices[:SHOWN_PACKAGES])
    return Vector(worths, every.packages, packages)
