"""Two parties divide the issues: most go whole to whoever values them more, one is split."""

from __future__ import annotations

from fractions import Fraction

from winset.analyses.agreement.problem import Choice, Concept, Sides, nothing
from winset.case.rules import exact
from winset.space import numbers


def solve(problem: Sides) -> Choice | None:
    """Shares of each issue by weights as points (100 each), so that both get equally many points.

    Each issue goes to the party with more points on it; then issues go over from the richer party, the
    least ratio of points first, the last of them in part.
    """
    if len(problem.parties) != 2:
        return None
    weights = [_points(problem, i) for i in (0, 1)]
    shares = [Fraction(1) if a >= b else Fraction(0) for a, b in zip(*weights, strict=True)]
    richer = 0 if _total(weights[0], shares) >= _total(weights[1], _rest(shares)) else 1
    mine, theirs = weights[richer], weights[1 - richer]
    held = shares if richer == 0 else _rest(shares)
    for place in sorted(range(len(held)), key=lambda i: _ratio(mine[i], theirs[i])):
        surplus = _total(mine, held) - _total(theirs, _rest(held))
        if held[place] and surplus > 0 and mine[place] + theirs[place] > 0:
            held[place] -= min(Fraction(1), surplus / (mine[place] + theirs[place]))
    final = held if richer == 0 else _rest(held)
    equal = float(_total(weights[0], final))
    by_issue = {
        issue: dict(zip(problem.parties, (share, 1 - share), strict=True))
        for issue, share in zip(problem.space.issues, final, strict=True)
    }
    return Choice(equal, nothing(), shares=by_issue)


def _points(problem: Sides, party: int) -> list[Fraction]:
    preference = problem.space.case.preferences[problem.signers[party]]
    raw = [exact(weight) for weight in numbers.weights_as_given(preference, problem.space.issues)]
    return [100 * weight / sum(raw) for weight in raw]


def _total(weights: list[Fraction], shares: list[Fraction]) -> Fraction:
    return sum((w * s for w, s in zip(weights, shares, strict=True)), Fraction(0))


def _rest(shares: list[Fraction]) -> list[Fraction]:
    return [1 - share for share in shares]


def _ratio(mine: Fraction, theirs: Fraction) -> tuple[int, Fraction]:
    """How much more an issue is worth to its holder; what the other does not want goes last."""
    return (0, mine / theirs) if theirs else (1, mine)


CONCEPT = Concept(
    id="adjusted_winner",
    title="Adjusted Winner",
    source="Brams & Taylor (1996)",
    picks="a division of the issues by weights alone, one of them split",
    objective="points that each of the two gets, out of 100 by its own weights",
    over="issues",
    axioms=frozenset(),
    solve=solve,
    seek=solve,
    needs="exactly two parties whose gains count",
)
