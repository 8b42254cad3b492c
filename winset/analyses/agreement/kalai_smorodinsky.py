"""Equal shares of what each could hope for, as far as packages allow."""

from __future__ import annotations

from winset.analyses.agreement.problem import Choice, Concept, Problem
from winset.kernels.dominance import leximin_best
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


CONCEPT = Concept(
    id="kalai_smorodinsky",
    title="Kalai-Smorodinsky",
    source="Kalai & Smorodinsky (1975); lexicographic Imai (1983)",
    picks="the most equal shares of what each side could hope for at best",
    objective="least share that a party gets of the most it could gain, 0 to 1",
    over="zone",
    axioms=frozenset({"efficient", "scale_invariant", "renaming_invariant", "symmetric"}),
    solve=solve,
)
