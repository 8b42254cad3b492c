"""Who accepts given packages in many draws, and what they are worth there (model.md 1 and 3 to 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import exp2, xlogy

from winset.case import conditions
from winset.space import blocks
from winset.space.build import Space
from winset.space.draws import Sample
from winset.space.formula import ConsentFormula, holds
from winset.space.numbers import Floats, quantise
from winset.space.worth import Bools, Choices, feasible


@dataclass(frozen=True, eq=False, slots=True)
class Acceptance:
    """What n draws make of m packages.

    `accepts` and `crosses` (a red line that holds) (n, m, factions); `consents` (n, m): no constraint forbids
    it, and all who must consent do; `worth` (n, m, factions) in points; `product` (n, m): the product of the
    counted parties' gains, 0 where somebody gains nothing or the package is not consented to; infinite where
    powers make it that large.
    """

    accepts: Bools
    crosses: Bools
    consents: Bools
    worth: Floats
    product: Floats


def acceptance(
    space: Space,
    formula: ConsentFormula,
    counted: Sequence[tuple[str, str]],
    sample: Sample,
    choices: Choices,
) -> Acceptance:
    """What the draws make of packages given by option numbers, shape (m, issues), forbidden or not.

    `counted` are parties and who signs for them.
    """
    worth, crosses = _worth(space, sample, choices), _crosses(space, sample, choices)
    accepts = (quantise(worth) >= quantise(sample.walk_away)[:, None]) & ~crosses
    yes = {ref: accepts[:, :, space.faction(ref)].astype(np.int64) for ref in formula.members}
    consents = np.asarray(holds(formula.root, yes), bool) & feasible(space, choices)
    places = [space.faction(signer) for _, signer in counted]
    gains = worth[:, :, places] - sample.walk_away[:, None, places]
    logs = log_product(gains, powers(sample, counted)[:, None])
    # scipy's, as numpy's differs from one processor to another.
    product = np.where(consents, exp2(logs / math.log(2)), 0.0)
    return Acceptance(accepts, crosses, consents, worth, product)


def powers(sample: Sample, counted: Sequence[tuple[str, str]]) -> Floats:
    """The powers of the counted parties; shape (n, parties)."""
    found = [sample.power[party] for party, _ in counted]
    return np.array(found).reshape(len(found), len(sample)).T.copy()


def log_product(gains: Floats, power: Floats) -> Floats:
    """The sum over the last axis of power times log gain; -inf where a gain that counts is not above 0."""
    counts = power > 0
    nothing = counts & (quantise(gains) <= 0)
    logs = xlogy(power, np.where(counts & ~nothing, gains, 1.0)).sum(axis=-1)
    return np.where(nothing.any(axis=-1), -np.inf, logs)


def worth_at(space: Space, sample: Sample, chosen: Choices) -> Floats:
    """Points of a package for each draw, given by option numbers, shape (n, issues); shape (n, factions)."""
    total = np.zeros((len(sample), len(space.factions)))
    for i, scores in enumerate(sample.scores):
        picked = np.take_along_axis(scores, chosen[:, i, None, None].astype(np.int64), axis=2)
        total += sample.weights[:, :, i] * picked[:, :, 0]
    for j, joint in enumerate(space.case.joint):
        held = _mask(space, conditions.parse(joint.when), chosen)
        total[:, space.faction(joint.for_)] += sample.joint[:, j] * held
    return total


def _worth(space: Space, sample: Sample, choices: Choices) -> Floats:
    total = np.zeros((len(sample), len(space.factions), len(choices)))
    for i, scores in enumerate(sample.scores):
        total += np.take(sample.weights[:, :, i, None] * scores, choices[:, i], axis=2)
    for j, joint in enumerate(space.case.joint):
        held = _mask(space, conditions.parse(joint.when), choices)
        total[:, space.faction(joint.for_)] += sample.joint[:, j, None] * held
    return np.ascontiguousarray(total.transpose(0, 2, 1))


def _crosses(space: Space, sample: Sample, choices: Choices) -> Bools:
    crossed = np.zeros((len(sample), len(choices), len(space.factions)), bool)
    for f, ref in enumerate(space.factions):
        for k, key in enumerate(space.case.preferences[ref].red_lines):
            reached = _mask(space, conditions.red_line(key), choices)
            crossed[:, :, f] |= sample.lines[f][:, k, None] & reached
    return crossed


def _mask(space: Space, condition: conditions.Condition, choices: Choices) -> Bools:
    options = dict(zip(space.issues, space.options, strict=True))
    return blocks.mask(condition, choices, space.issues, options)
