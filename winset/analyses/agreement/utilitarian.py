"""The largest sum of utilities."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.problem import Choice, Concept, Problem, Sought
from winset.analyses.agreement.proofs import listed, unproven
from winset.space.goals import linear
from winset.space.numbers import points, quantise


def solve(problem: Problem) -> Choice | None:
    """Maximise sum u_p over the zone."""
    if not len(problem.zone):
        return None
    sums = quantise(problem.utilities.sum(axis=1))
    return Choice(points(sums.max()), problem.zone[sums == sums.max()])


def seek(sought: Sought) -> Choice | None:
    """The same by search."""
    if not sought.exists:
        return None
    goal = linear(sought.signers, np.ones(len(sought.signers)))
    found = sought.zone.best(goal)
    if found.value is None or not found.proven:
        return unproven(found, None if found.value is None else points(found.value))
    return listed(sought, goal, found.value, points(found.value), found.bound)


CONCEPT = Concept(
    id="utilitarian",
    title="Utilitarian",
    source="Harsanyi (1955)",
    picks="the largest sum of points, whoever has them",
    objective="sum of utilities, in points",
    over="zone",
    axioms=frozenset({"efficient", "renaming_invariant", "independent_of_irrelevant", "symmetric"}),
    solve=solve,
    seek=seek,
)
