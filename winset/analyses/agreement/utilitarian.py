"""The largest sum of utilities."""

from __future__ import annotations

from winset.analyses.agreement.problem import Choice, Concept, Problem
from winset.space.numbers import points, quantise


def solve(problem: Problem) -> Choice | None:
    """Maximise sum u_p over the zone."""
    if not len(problem.zone):
        return None
    sums = quantise(problem.utilities.sum(axis=1))
    return Choice(points(sums.max()), problem.zone[sums == sums.max()])


CONCEPT = Concept(
    id="utilitarian",
    title="Utilitarian",
    source="Harsanyi (1955)",
    picks="the largest sum of points, whoever has them",
    objective="sum of utilities, in points",
    over="zone",
    axioms=frozenset({"efficient", "renaming_invariant", "independent_of_irrelevant", "symmetric"}),
    solve=solve,
)
