"""Issue by issue the option nearest the weighted mean of what the parties want."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from winset.analyses.agreement.problem import Choice, Concept, Sides, nothing
from winset.space import numbers
from winset.space.numbers import Floats, quantise

MAX_LISTED = 10_000


def solve(problem: Sides) -> Choice:
    """Per issue the options whose position is nearest the mean of the parties' best positions.

    Parties weigh w_pi * power_p. Options equally near tie; of the packages that tie the first 10,000 are
    listed. The answer may lie outside the zone, or be forbidden.
    """
    nearest = [_nearest(problem, place) for place in range(len(problem.space.issues))]
    first = itertools.islice(itertools.product(*nearest), MAX_LISTED)
    tied = math.prod(len(options) for options in nearest)
    return Choice(None, nothing(), chosen=np.array(list(first), np.int16), tied=tied)


def _nearest(problem: Sides, place: int) -> NDArray[np.int64]:
    space = problem.space
    name = space.issues[place]
    positions = numbers.positions(space.case.issues[name])
    wanted, weights = [], []
    for signer, power in zip(problem.signers, problem.power, strict=True):
        preference = space.case.preferences[signer]
        scores = numbers.scores(preference, name, space.case.issues[name])
        wanted.append(positions[scores == scores.max()].mean())
        weights.append(numbers.weights(preference, space.issues)[place] * power)
    distance = quantise(np.abs(positions - _mean(np.array(wanted), np.array(weights))))
    return np.flatnonzero(distance == distance.min())


def _mean(values: Floats, weights: Floats) -> float:
    """The weighted mean; plain where nobody cares."""
    return float(np.average(values, weights=weights if weights.sum() > 0 else None))


CONCEPT = Concept(
    id="compromise",
    title="Compromise",
    source="Van den Bos (1991)",
    picks="issue by issue the option nearest the weighted middle of what the sides want",
    objective="none: each issue is settled by itself",
    over="issues",
    axioms=frozenset({"renaming_invariant"}),
    solve=solve,
    seek=solve,
)
