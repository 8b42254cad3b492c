"""Equal shares of what each could hope for, as far as packages allow."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.problem import Choice, Concept, Problem, Sought
from winset.analyses.agreement.proofs import leximin, unproven, whole_zone
from winset.kernels.dominance import leximin_best
from winset.space.goals import linear
from winset.space.numbers import points, quantise


def solve(problem: Problem) -> Choice | None:
    """Lexicographic max-min of g_p / ideal_p; parties whose ideal is 0 are left out."""
    if not len(problem.zone):
        return None
    ideal = problem.gains.max(axis=0)
    hoping = quantise(ideal) > 0
    if not hoping.any():
        return Choice(0.0, problem.zone)
    shares = quantise(problem.gains[:, hoping] / ideal[hoping])
    best = leximin_best(shares)
    return Choice(points(shares[best[0]].min()), problem.zone[best])


def seek(sought: Sought) -> Choice | None:
    """The same by search: what each could hope for first, then the shares."""
    if not sought.exists:
        return None
    ideal = np.zeros(len(sought.signers))
    for place, signer in enumerate(sought.signers):
        found = sought.zone.best(linear((signer,), np.ones(1)))
        if found.choice is None or not found.proven:
            return None if found.choice is None else unproven(found, None)
        ideal[place] = sought.worth(found.choice)[0, place] - sought.walk_away[place]
    hoping = quantise(ideal) > 0
    if not hoping.any():
        return whole_zone(sought, 0.0)
    signs = tuple(signer for signer, hopes in zip(sought.signers, hoping, strict=True) if hopes)
    return leximin(sought, signs, sought.walk_away[hoping], ideal[hoping])


CONCEPT = Concept(
    id="kalai_smorodinsky",
    title="Kalai-Smorodinsky",
    source="Kalai & Smorodinsky (1975); lexicographic Imai (1983)",
    picks="the most equal shares of what each side could hope for at best",
    objective="least share that a party gets of the most it could gain, 0 to 1",
    over="zone",
    axioms=frozenset({"efficient", "scale_invariant", "renaming_invariant", "symmetric"}),
    solve=solve,
    seek=seek,
)
