"""The largest gain for whoever gains least."""

from __future__ import annotations

from winset.analyses.agreement.problem import Choice, Concept, Problem
from winset.kernels.dominance import leximin_best
from winset.space.numbers import points, quantise


def solve(problem: Problem) -> Choice | None:
    """Lexicographic max-min of g_p over the zone."""
    if not len(problem.zone):
        return None
    gains = quantise(problem.gains)
    best = leximin_best(gains)
    return Choice(points(gains[best[0]].min()), problem.zone[best])


CONCEPT = Concept(
    id="egalitarian",
    title="Egalitarian",
    source="Kalai (1977)",
    picks="the most for the side that gains least",
    objective="least gain over the walk-away, in points",
    over="zone",
    axioms=frozenset({"efficient", "renaming_invariant", "independent_of_irrelevant", "symmetric"}),
    solve=solve,
)
