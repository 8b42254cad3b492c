"""Undominated rows and the lexicographic order of sorted rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winset.kernels.groups import Groups

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MANY = 2**17
_SAMPLE = 2**15
_CHAMPIONS = 64
_AT_ONCE = 8
_FEW = 64
_PAIRS = 2**16


def undominated(values: Ints) -> Ints:
    """Positions of the distinct rows that no other row dominates, in ascending order of the rows.

    `values` has shape (rows, criteria), higher is better. A row dominates another when it is no less
    everywhere and more somewhere. Of equal rows the first stands for all.
    """
    near, groups, chosen = _distinct(values)
    return near[groups.first[chosen]]


def all_undominated(values: Ints) -> Ints:
    """Positions of all rows that no other row dominates, equal ones included, ascending."""
    near, groups, chosen = _distinct(values)
    return near[groups.where(chosen)]


def _distinct(values: Ints) -> tuple[Ints, Groups, Bools]:
    """Positions worth a look, their distinct rows, and which of these are undominated.

    Divide and conquer after Kung, Luccio & Preparata (1975).
    """
    near = _contenders(values)
    groups = Groups(values[near])
    falling = groups.rows[::-1]
    kept = _sweep(falling) if falling.shape[1] <= 2 else _front(falling)
    chosen = np.zeros(len(groups), bool)
    chosen[len(groups) - 1 - kept] = True
    return near, groups, chosen


def _contenders(values: Ints) -> Ints:
    """Positions of the rows left when those that a few strong rows dominate are gone; cheap."""
    if len(values) <= _MANY:
        return np.arange(len(values))
    strong = _strong(values)
    starts = range(0, len(values), _SAMPLE)
    return np.concatenate([start + _standing(values[start : start + _SAMPLE], strong) for start in starts])


def _strong(values: Ints) -> Ints:
    """Rows that are undominated in a sample, at most a few dozen, spread out."""
    sample = values[np.random.default_rng(0).integers(len(values), size=_SAMPLE)]
    front = undominated(sample)
    return sample[front[:: -(-len(front) // _CHAMPIONS)]]


def _standing(rows: Ints, strong: Ints) -> Ints:
    """Positions of the rows that none of `strong`, which do not dominate each other, dominates."""
    at, columns = np.arange(len(rows)), np.ascontiguousarray(rows.T)
    for start in range(0, len(strong), _AT_ONCE):
        beaten = np.zeros(len(at), bool)
        for champion in strong[start : start + _AT_ONCE]:
            below = columns[0] <= champion[0]
            for column, best in zip(columns[1:], champion[1:], strict=True):
                below &= column <= best
            beaten |= below
        beaten[beaten] = ~_equals_some(columns[:, beaten].T, strong)
        at, columns = at[~beaten], columns[:, ~beaten]
    return at


def _equals_some(rows: Ints, strong: Ints) -> Bools:
    """Which rows equal one of `strong`."""
    equal = np.isin(rows[:, 0], strong[:, 0])
    pairs = np.all(rows[equal, None, :] == strong[None, :, :], axis=2)
    equal[equal] = np.any(pairs, axis=1)
    return equal


def _sweep(rows: Ints) -> Ints:
    """Up to two criteria: the last must keep rising (of one criterion the first row is best)."""
    if rows.shape[1] < 2:
        return np.arange(len(rows))[:1]
    second = rows[:, 1]
    rising = np.ones(len(rows), bool)
    rising[1:] = second[1:] > np.maximum.accumulate(second[:-1])
    return np.flatnonzero(rising)


def _front(rows: Ints) -> Ints:
    """Positions of the undominated among distinct rows that fall in lexicographic order.

    A row is then dominated by an earlier one only, and the first criterion needs no look.
    """
    if len(rows) <= _FEW:
        before = np.tri(len(rows), k=-1, dtype=bool)
        beaten = np.any(_pairs(rows[:, 1:], rows[:, 1:]) & before, axis=1)
        return np.flatnonzero(~beaten)
    half = len(rows) // 2
    strong, weak = _front(rows[:half]), half + _front(rows[half:])
    beaten = _beaten(rows[strong, 1:], rows[weak, 1:])
    return np.concatenate([strong, weak[~beaten]])


def _beaten(strong: Ints, weak: Ints) -> Bools:
    """Which rows of `weak` some row of `strong` equals or exceeds in every criterion."""
    if not len(strong) or not len(weak) or (strong.max(axis=0) < weak.min(axis=0)).any():
        return np.zeros(len(weak), bool)
    open_ = strong.min(axis=0) < weak.max(axis=0)
    strong, weak = strong[:, open_], weak[:, open_]
    if weak.shape[1] <= 1:
        return _pairs(strong.max(axis=0, keepdims=True), weak)[:, 0]
    if weak.shape[1] == 2:
        return _below_stairs(strong, weak)
    if len(strong) * len(weak) <= _PAIRS:
        return np.asarray(np.any(_pairs(strong, weak), axis=1))
    return _beaten_by_halves(strong, weak)


def _beaten_by_halves(strong: Ints, weak: Ints) -> Bools:
    """Both sides are cut at the median of the first criterion, which then need not be looked at across."""
    first = np.concatenate([strong[:, 0], weak[:, 0]])
    middle = np.partition(first, len(first) // 2)[len(first) // 2]
    cut = middle if middle > first.min() else first[first > middle].min()
    strong_high, weak_high = strong[:, 0] >= cut, weak[:, 0] >= cut
    beaten = np.zeros(len(weak), bool)
    beaten[weak_high] = _beaten(strong[strong_high], weak[weak_high])
    beaten[~weak_high] = _beaten(strong[strong_high, 1:], weak[~weak_high, 1:])
    left = np.flatnonzero(~weak_high & ~beaten)
    beaten[left] = _beaten(strong[~strong_high], weak[left])
    return beaten


def _below_stairs(strong: Ints, weak: Ints) -> Bools:
    """Two criteria: the best second among all that are no less in the first decides."""
    order = np.argsort(strong[:, 0], kind="stable")[::-1]
    best_second = np.maximum.accumulate(strong[order, 1])
    no_less = len(strong) - np.searchsorted(strong[order[::-1], 0], weak[:, 0], side="left")
    beaten = no_less > 0
    beaten[beaten] = best_second[no_less[beaten] - 1] >= weak[beaten, 1]
    return beaten


def _pairs(strong: Ints, weak: Ints) -> Bools:
    """Whether each of `strong` (columns) equals or exceeds each of `weak` (rows) everywhere."""
    held = np.ones((len(weak), len(strong)), bool)
    for criterion in range(weak.shape[1]):
        held &= strong[None, :, criterion] >= weak[:, None, criterion]
    return held


def leximin_best(values: Ints) -> Ints:
    """Positions of the rows whose values, sorted upward, come last in lexicographic order.

    `values` has shape (rows, criteria); all rows tied for best are given, ascending.
    """
    if not values.size:
        return np.arange(len(values))
    least = values.min(axis=1)
    alive = np.flatnonzero(least == least.max())
    ranked = np.sort(values[alive], axis=1)
    for column in range(1, values.shape[1]):
        best = ranked[:, column] == ranked[:, column].max()
        alive, ranked = alive[best], ranked[best]
    return alive
