"""One pass over all packages: who with a say accepts together, and what acceptance would cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winset.kernels.dominance import undominated
from winset.space.build import Space
from winset.space.consent import batches
from winset.space.formula import ConsentFormula
from winset.space.numbers import Floats, Ints, quantise
from winset.space.worth import Choices, crossed_lines

Bools = NDArray[np.bool_]


def largest_patterns(space: Space, formula: ConsentFormula) -> Bools:
    """The sets of factions with a say that accept some package together, only those within no other.

    Shape (patterns, members).
    """
    places = np.array([space.faction(ref) for ref in formula.members], np.int64)
    kept = np.empty((0, len(places)), np.int64)
    for _, consent in batches(space):
        seen = np.unique(consent.accepts[places].T, axis=0).astype(np.int64)
        both = np.concatenate([kept, seen])
        kept = both[undominated(both)]
    return kept.astype(bool)


def costs(
    space: Space, ref: str, choices: Choices, utilities: Floats, per_point: float, per_line: float
) -> Ints:
    """What it would cost that a faction accepts each combination, quantised; shape (combinations,).

    `utilities` are in points, shape (factions, combinations).
    Walk-aways are lowered at `per_point` a point, red lines lifted at `per_line` each.
    """
    place = space.faction(ref)
    missing = np.maximum(space.walk_away[place] - utilities[place], 0)
    return quantise(missing * per_point + crossed_lines(space, ref, choices) * per_line)
