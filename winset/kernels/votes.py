"""Coalitions of a weighted vote, counted by how many members they have: dynamic programmes over weights.

Weights are whole numbers from 1, a quota is a whole number from 1 to their sum, and a coalition wins when it
weighs at least the quota. All counts are exact. The programmes are those of Brams & Affuso (1976) and, by
size too, of Mann & Shapley (1962); a player is taken out again by an alternating sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LARGEST = 30_000_000  # numbers that the programme for swings may hold at once: 240 MB
LARGEST_MINIMAL = 10_000_000  # the same for minimal winning coalitions, summed once for each player

_BITS = 34  # of a limb: 29 doublings more, or sums over 2**29 weights, still fit 63 bits
_ADDITIONS = 28


class Swings(NamedTuple):
    """`by_size[i][s]`: coalitions of s others that lose without player i and win with it.

    `winning` counts all coalitions that win.
    """

    by_size: list[list[int]]
    winning: int


def swing_cells(weights: Sequence[int], quota: int) -> int:
    """How many numbers `swings` holds at once, at most; LARGEST is what it is meant for."""
    return (len(weights) + 1) * _limbs(weights) * min(quota, sum(weights) - quota + 1)


def minimal_cells(weights: Sequence[int], quota: int) -> int:
    """How many numbers `minimal` holds at once; LARGEST_MINIMAL is what it is meant for."""
    return (len(weights) + 1) * quota


def swings(weights: Sequence[int], quota: int) -> Swings:
    """The swings of every player by the size of the coalition it turns."""
    dual = sum(weights) - quota + 1
    below = min(quota, dual)
    upto = _subsets(weights, below).cumsum(axis=2)
    turned = {weight: _turned(upto, weight, len(weights)) for weight in set(weights)}
    losing = sum(_whole(upto[:, :, -1]))
    if below == quota:
        return Swings([turned[weight] for weight in weights], 2 ** len(weights) - losing)
    # The dual: what is turned from there is turned from here by the others, and what loses there wins here.
    return Swings([turned[weight][::-1] for weight in weights], losing)


def _limbs(weights: Sequence[int]) -> int:
    return max(1, -(-len(weights) // _BITS))


def _subsets(weights: Sequence[int], below: int) -> Ints:
    """Coalitions by size, limb of the count, and weight under `below`; every limb under 2**_BITS."""
    ordered = sorted(weights)
    lightest = np.cumsum([0, *ordered], dtype=object)
    sizes = int((lightest < below).sum())
    counts = np.zeros((sizes, _limbs(weights), below), np.int64)
    counts[0, 0, 0] = 1
    heaviest = 0
    for number, weight in enumerate(ordered):
        heaviest = min(heaviest + weight, below - 1)
        # From the largest size down: each row is read before it is written to.
        for size in range(min(number, sizes - 2), -1, -1):
            counts[size + 1, :, weight : heaviest + 1] += counts[size, :, : max(heaviest + 1 - weight, 0)]
        if number % _ADDITIONS == _ADDITIONS - 1:
            _carry(counts)
    _carry(counts)
    return counts


def _carry(counts: Ints) -> None:
    for limb in range(counts.shape[1] - 1):
        counts[:, limb + 1] += counts[:, limb] >> _BITS
        counts[:, limb] &= (1 << _BITS) - 1


def _turned(upto: Ints, weight: int, players: int) -> list[int]:
    """Coalitions without a player of this weight that it turns, by size.

    Without it there are P(s, v) - P(s-1, v-w) + P(s-2, v-2w) - ... coalitions of size s and weight v, and
    those that it turns weigh from quota - w up to under the quota.
    """
    sizes, _, below = upto.shape
    places = np.arange(below - 1, -1, -weight)[: sizes + 1]
    steps = upto[:, :, places]
    steps[:, :, :-1] -= upto[:, :, places[1:]]
    found = np.zeros(steps.shape[:2], np.int64)
    for taken in range(min(sizes, len(places))):
        found[taken:] += (-1) ** taken * steps[: sizes - taken, :, taken]
    return [*_whole(found), *[0] * (players - sizes)]


def _whole(limbs: Ints) -> list[int]:
    """Rows of limbs as Python's whole numbers, which have no end."""
    return [sum(int(limb) << (_BITS * place) for place, limb in enumerate(row)) for row in limbs]


def minimal(weights: Sequence[int], quota: int) -> list[list[int]]:
    """`[i][s]`: coalitions of s members with player i in them that win, and lose without any one of them.

    For up to 62 players. A coalition is such a one when it wins and loses without its lightest member, so
    each is counted where that member is met, heaviest players first.
    """
    order = sorted(range(len(weights)), key=lambda player: -weights[player])
    found = np.zeros((len(weights), len(weights) + 1), np.int64)
    heavier = np.zeros((len(weights) + 1, quota), np.int64)
    heavier[0, 0] = 1
    for number, last in enumerate(order):
        weight = weights[last]
        upto = heavier[: number + 1].cumsum(axis=1)
        completed = _between(upto, quota - weight, quota)
        found[last, 1 : number + 2] += completed
        if completed.any():
            earlier = {weights[player] for player in order[:number]}
            holding = {other: _holding(upto, other, weight, quota) for other in earlier}
            for player in order[:number]:
                found[player, 1 : number + 2] += holding[weights[player]]
        for size in range(number, -1, -1):
            heavier[size + 1, weight:] += heavier[size, : max(quota - weight, 0)]
    return [[int(count) for count in row] for row in found]


def _between(upto: Ints, low: int, high: int) -> Ints:
    """Coalitions by size that weigh from `low` to under `high`."""
    nothing = np.zeros(len(upto), np.int64)
    return np.asarray(
        (upto[:, high - 1] if high > 0 else nothing) - (upto[:, low - 1] if low > 0 else nothing)
    )


def _holding(upto: Ints, other: int, weight: int, quota: int) -> Ints:
    """Coalitions by size that `weight` completes and that have a given player of weight `other` in them."""
    found = np.zeros(len(upto), np.int64)
    for taken in range(1, len(upto)):
        high = quota - taken * other
        if high <= 0:
            break
        sign = 1 if taken % 2 else -1
        found[taken:] += sign * _between(upto, high - weight, high)[:-taken]
    return found
