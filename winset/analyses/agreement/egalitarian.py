"""The largest gain for whoever gains least."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.problem import Choice, Concept, Problem, Sought
from winset.analyses.agreement.proofs import leximin
from winset.kernels.dominance import leximin_best
from winset.space.numbers import points, quantise


def solve(problem: Problem) -> Choice | None:
    """Lexicographic max-min of g_p over the zone."""
    if not len(problem.zone):
        return None
    gains = quantise(problem.gains)
    best = leximin_best(gains)
    return Choice(points(gains[best[0]].min()), problem.zone[best])


def seek(sought: Sought) -> Choice | None:
    """The same by search."""
    if not sought.exists:
        return None
    return leximin(sought, sought.signers, sought.walk_away, np.ones(len(sought.signers)))


CONCEPT = Concept(
    id="egalitarian",
    title="Egalitarian",
    source="Kalai (1977)",
    picks="the most for the side that gains least",
    objective="least gain over the walk-away, in points",
    over="zone",
    axioms=frozenset({"efficient", "renaming_invariant", "independent_of_irrelevant", "symmetric"}),
    solve=solve,
    seek=seek,
)
