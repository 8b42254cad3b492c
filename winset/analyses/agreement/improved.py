"""From the text on the table: the largest least improvement that leaves nobody worse off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from winset.analyses.agreement.problem import (
    Choice,
    Concept,
    Indices,
    Problem,
    Proof,
    Sought,
    Spread,
    nothing,
)
from winset.analyses.agreement.proofs import leximin
from winset.kernels.dominance import leximin_best
from winset.kernels.groups import Groups
from winset.space.goals import lexi
from winset.space.numbers import Floats, points, quantise
from winset.space.package import together

MAX_STARTS = 20_000
MAX_SOUGHT = 1_000


def solve(problem: Problem) -> Choice | None:
    """Lexicographic max-min gain over the text within the zone, nobody worse off than with the text.

    An open text is improved from each of its completions: the answer is then the range of the least
    gain, and every package that is best from some completion.
    """
    if problem.on_the_table is None or not len(problem.on_the_table[0]) or not len(problem.zone):
        return None
    starts = Groups(quantise(problem.on_the_table[1]))
    if len(starts) > MAX_STARTS:
        return None
    found = [_from(problem, start) for start in problem.on_the_table[1][starts.first]]
    packages = np.unique(np.concatenate([nothing(), *(f[1] for f in found if f is not None)]))
    least = [f[0] for f in found if f is not None]
    improved = sum(int(n) for n, f in zip(starts.sizes, found, strict=True) if f is not None)
    low, high = (min(least), max(least)) if least else (None, None)
    better = sum(int(n) for n, f in zip(starts.sizes, found, strict=True) if f is not None and f[2])
    spread = Spread(len(problem.on_the_table[1]), improved, better, low, high)
    return Choice(low if low == high else None, packages, spread=spread)


def seek(sought: Sought) -> Choice | None:
    """The same by search, from at most 1,000 different completions of an open text."""
    if (
        sought.text is None
        or not len(sought.text[0])
        or not sought.exists
        or len(sought.text[0]) > MAX_SOUGHT
    ):
        return None
    found, least, improved, better, settled = [], [], 0, 0, True
    for start, times in zip(*sought.text, strict=True):
        above = replace(sought, zone=sought.above(start))
        choice = leximin(above, sought.signers, start, np.ones(len(start)))
        if choice is None or choice.chosen is None or choice.objective is None:
            # Nothing found is an answer only where nothing was left out.
            first = above.zone.best(lexi(sought.signers, start, np.ones(len(start)), ()))
            settled = settled and first.proven
            continue
        gains = quantise(sought.worth(choice.chosen[:1]) - start)
        found.append(choice)
        least.append(choice.objective)
        improved += int(times)
        better += int(times) if gains.max() > 0 else 0
    low, high = (min(least), max(least)) if least else (None, None)
    spread = Spread(int(sought.text[1].sum()), improved, better, low, high)
    chosen = together(sought.space, [choice.chosen for choice in found if choice.chosen is not None])
    proof = Proof(
        high,
        proven=settled and all(c.sought is not None and c.sought.proven for c in found),
        all_counted=all(c.sought is not None and c.sought.all_counted for c in found),
    )
    tied = found[0].tied if len(found) == 1 else len(chosen)
    return Choice(low if low == high else None, nothing(), chosen, tied, spread, sought=proof)


def _from(problem: Problem, start: Floats) -> tuple[float, Indices, bool] | None:
    """The least gain, the best packages, and whether a party gains at all.

    The best are undominated, so only the front needs a look.
    """
    gains = quantise(problem.utilities[problem.front] - start)
    at = np.flatnonzero((gains >= 0).all(axis=1))
    if not len(at):
        return None
    best = at[leximin_best(gains[at])]
    return points(gains[best[0]].min()), problem.zone[problem.front[best]], bool(gains[best].max() > 0)


CONCEPT = Concept(
    id="improved",
    title="Improved text",
    source="post-settlement settlement, Raiffa (1985)",
    picks="the best for the side that gains least over the text, nobody losing by it",
    objective="least improvement on the text on the table, in points",
    over="zone",
    axioms=frozenset({"efficient", "renaming_invariant"}),
    solve=solve,
    seek=seek,
    needs="a text on the table that no constraint forbids and that leaves at most 20,000 different outcomes "
    "(1,000 where packages are too many to go through)",
)
