"""Side payments: how many points more for whom lift a home's chance to a target."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification.answers import Payment, Payments
from winset.analyses.ratification.asked import Asked, simulated

Floats = NDArray[np.float64]

MOST_PAIRED = 5
SIMULATIONS = 2**11
_STEPS = 12  # shares of the first payment in a pair
_BEYOND = 6.0  # deviations above its floor, a faction is as sure as it gets


def payments(asked: Asked, target: float, chance: float) -> Payments | None:
    """What lifts the chance of the one package asked about to the target; None where it is there already.

    Nobody pays the signer. Pairs are of the five who alone need least, or cannot alone; their payments are
    found to a twelfth of what one of them could take. Where votes are simulated it is 2,048 times here, which
    leaves the chance within a hundredth of the target, and no pair is sought.
    """
    if not chance < target:
        return None
    asked = replace(asked, simulations=min(asked.simulations, SIMULATIONS))
    home = asked.home
    payable = [place for place in home.members if place != home.signing]
    most = _most(asked)
    need = _least(asked, target, [{place: 0.0} for place in payable], payable, most)
    by_ref = {home.refs[place]: float(points) for place, points in zip(payable, need, strict=True)}
    alone = [Payment({ref: points}, points) for ref, points in by_ref.items() if points < np.inf]
    return Payments(
        target=target,
        alone=tuple(sorted(alone, key=lambda payment: payment.total)),
        pair=None if simulated(home.rule) else _pair(asked, target, payable, need, most),
        out_of_reach=tuple(ref for ref, n in by_ref.items() if n == np.inf),
    )


def _most(asked: Asked) -> Floats:
    """More than any faction could need: beyond it nothing about its points is in doubt."""
    doubt = asked.doubt
    short: Floats = doubt.floors[:, -1] - doubt.worth[:, 0] + _BEYOND * doubt.noise
    return np.maximum(short, 1.0)


def _least(
    asked: Asked, target: float, given: list[dict[int, float]], last: list[int], most: Floats
) -> Floats:
    """The least payment to each of `last`, in whole tenths of a point, that reaches the target beside what is
    `given`; inf: none does."""
    if not last:
        return np.empty(0)
    low, high = np.zeros(len(last)), np.ceil(10 * most[last])
    reach = _reaches(asked, target, given, last, high / 10)
    while (high - low > 1).any():
        middle = (low + high) // 2
        enough = _reaches(asked, target, given, last, middle / 10)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(reach, high / 10, np.inf)


def _reaches(
    asked: Asked, target: float, given: list[dict[int, float]], last: list[int], paid: Floats
) -> NDArray[np.bool_]:
    points = np.zeros((len(asked.home.refs), len(last)))
    for column, (place, much) in enumerate(zip(last, paid, strict=True)):
        for other, also in given[column].items():
            points[other, column] = also
        points[place, column] = much
    several = replace(asked, doubt=asked.doubt.of([0] * len(last)).paid(points))
    return np.asarray(several.chances([asked.home.rule])[0] >= target)


def _pair(asked: Asked, target: float, payable: list[int], need: Floats, most: Floats) -> Payment | None:
    """The cheapest payment to two; None where one alone is as cheap or no two are enough."""
    best = need.min(initial=np.inf)
    cheapest = sorted(range(len(payable)), key=lambda i: min(need[i], most[payable[i]]))[:MOST_PAIRED]
    given: list[dict[int, float]] = []
    last: list[int] = []
    for one, other in combinations([payable[i] for i in cheapest], 2):
        top = min(most[one], best)
        for step in range(1, _STEPS + 1):
            given.append({one: _tenths(float(top) * step / _STEPS)})
            last.append(other)
    if not last:
        return None
    found = _least(asked, target, given, last, most)
    totals = found + np.array([next(iter(also.values())) for also in given])
    place = int(np.argmin(totals))
    if not totals[place] < best - 0.1:
        return None
    [(one, also)] = given[place].items()
    refs = asked.home.refs
    points = {refs[one]: also, refs[last[place]]: float(found[place])}
    return Payment(points, _tenths(sum(points.values())))


def _tenths(points: float) -> float:
    """A payment rounded up to a tenth of a point."""
    return float(np.ceil(points * 10 - 1e-9) / 10)
