"""The largest product of gains."""

from __future__ import annotations

import math

import numpy as np

from winset.analyses.agreement.problem import Choice, Concept, Problem, Sought
from winset.analyses.agreement.proofs import listed, unproven, whole_zone
from winset.space.goals import nash
from winset.space.numbers import Floats, quantise


def solve(problem: Problem) -> Choice | None:
    """Maximise prod g_p ** power_p over the zone; a gain below 0 counts 0, and 0 makes the product 0."""
    if not len(problem.zone):
        return None
    gains = problem.gains[:, problem.power > 0]
    power = problem.power[problem.power > 0]
    positive = (quantise(gains) > 0).all(axis=1)
    if not positive.any():
        return Choice(0.0, problem.zone)
    logs = (power * np.log(gains[positive])).sum(axis=1)
    best = np.flatnonzero(quantise(logs) == quantise(logs).max())
    return Choice(_product(gains[positive][best[0]], power), problem.zone[positive][best])


def seek(sought: Sought) -> Choice | None:
    """The same by search; the bound is on the sum of logs of gains."""
    if not sought.exists:
        return None
    counts = sought.power > 0
    signs = tuple(signer for signer, counted in zip(sought.signers, counts, strict=True) if counted)
    goal = nash(signs, sought.walk_away[counts], sought.power[counts])
    if not signs:
        return whole_zone(sought, 1.0)
    found = sought.zone.best(goal)
    if found.value is None or found.choice is None:
        return whole_zone(sought, 0.0) if found.proven else None
    gains = (sought.worth(found.choice) - sought.walk_away)[0, counts]
    objective = _product(gains, sought.power[counts])
    if not found.proven:
        return unproven(found, objective)
    return listed(sought, goal, found.value, objective, found.bound)


def _product(gains: Floats, power: Floats) -> float | None:
    """The product of gains to 12 digits, or None where large powers make it too large to write down."""
    with np.errstate(over="ignore"):
        product = float(np.prod(gains**power))
    return float(f"{product:.12g}") if math.isfinite(product) else None


CONCEPT = Concept(
    id="nash",
    title="Nash",
    source="Nash (1950); with powers Kalai (1977)",
    picks="the largest product of what each side gains over its walk-away",
    objective="product of gains over the walk-aways, in points",
    over="zone",
    axioms=frozenset(
        {"efficient", "scale_invariant", "renaming_invariant", "independent_of_irrelevant", "symmetric"}
    ),
    solve=solve,
    seek=seek,
)
