"""The exact search repeated over draws: in each its own points, red lines and walk-aways.

Arrays as in `search`, with these differences (n draws, F factions, P parties): `worth` and `crossed` have
shape (n, F, rows of all blocks), where block b has rows `starts[b]` to `starts[b + 1]`; `floors` and `enough`
(n, F); `base` and `power` (n, P). `tree` is the formula of consent: leaf, first, last, child, weight, bar.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from winset.kernels.search import NEVER, search, value_of

NONE, FOUND, OPEN = 0, 1, -1  # no package, a package, or not settled within the limit
FIRST = 300  # nodes within which most packages are found

# Most draws have a product of gains at once. Where that takes long, whether there is a package at all is
# settled before a product is sought from there. Where only that is asked, a product of those who must accept
# is quick too.
QUICK, NEAR, SOME, REST, DONE = 0, 1, 2, 3, 4


@njit(cache=True)
def in_play(worth, crossed, starts, floors, must):
    """Which rows may be part of a package that all who `must` accept; False for all where none is left.

    A row falls out when it crosses a line of theirs, when it leaves one of them short of the floor even with
    the best of every other block, or when it is the same as the row before it.
    """
    factions, rows = worth.shape
    blocks = len(starts) - 1
    kept = np.ones(rows, np.bool_)
    for f in range(factions):
        if must[f]:
            kept &= ~crossed[f]
    tops = np.empty(blocks)
    again = True
    while again:
        again = False
        for f in range(factions):
            if not must[f]:
                continue
            for b in range(blocks):
                tops[b] = -np.inf
                for r in range(starts[b], starts[b + 1]):
                    if kept[r]:
                        tops[b] = max(tops[b], worth[f, r])
            room = tops.sum()
            if room == -np.inf:
                kept[:] = False
                return kept
            for b in range(blocks):
                least = floors[f] - (room - tops[b]) - 1e-8
                for r in range(starts[b], starts[b + 1]):
                    if kept[r] and worth[f, r] < least:
                        kept[r] = False
                        again = True
    for b in range(blocks):
        last = -1
        for r in range(starts[b], starts[b + 1]):
            if kept[r]:
                if last >= 0 and same(worth, crossed, last, r):
                    kept[r] = False
                else:
                    last = r
    return kept


@njit(cache=True)
def same(worth, crossed, one, other):
    """Whether two rows are worth the same to all, and cross the lines of the same."""
    for f in range(len(worth)):
        if worth[f, one] != worth[f, other] or crossed[f, one] != crossed[f, other]:
            return False
    return True


@njit(cache=True)
def stacked(worth, crossed, starts, kept):
    """The kept rows as `search` wants them (worth, rows, crossed, turn), and where each of them stood."""
    factions = len(worth)
    blocks = len(starts) - 1
    rows = np.zeros(blocks, np.int64)
    for b in range(blocks):
        rows[b] = kept[starts[b] : starts[b + 1]].sum()
    points = np.zeros((blocks, rows.max(), factions))
    lines = np.zeros((blocks, rows.max(), factions), np.bool_)
    stands = np.zeros((blocks, rows.max()), np.int64)
    spread = np.zeros(blocks)
    for b in range(blocks):
        at = 0
        for r in range(starts[b], starts[b + 1]):
            if kept[r]:
                stands[b, at] = r - starts[b]
                for f in range(factions):
                    points[b, at, f] = worth[f, r]
                    lines[b, at, f] = crossed[f, r]
                at += 1
        for f in range(factions):
            spread[b] -= points[b, :at, f].max() - points[b, :at, f].min()
    return points, rows, lines, np.argsort(spread, kind="mergesort"), stands


@njit(cache=True)
def product(points, chosen, signs, base, power):
    """The product of gains of a package as `search` counts it; NEVER where it is 0."""
    worth = np.zeros(points.shape[2])
    for b in range(len(points)):
        worth += points[b, chosen[b]]
    return value_of(
        1, 1, worth, signs, base, base, power, np.zeros(1, np.int64), np.zeros(len(signs), np.int64)
    )


@njit(cache=True)
def best(worth, crossed, starts, floors, enough, must, tree, signs, base, power, limit):
    """The largest product of gains in each draw; some package where all are 0, or where nobody `signs`.

    Gives rows by block, shape (n, B), -1 where there is no package; and whether that is certain, shape (n,):
    that no product is larger or, without a package, that there is none.
    """
    chosen = np.full((len(worth), len(starts) - 1), -1, np.int64)
    certain = np.ones(len(worth), np.bool_)
    leaf, first, last, child, weight, bar = tree
    barred, early = np.zeros(len(must), np.bool_), np.zeros(1, np.int64)
    needed = np.flatnonzero(must)
    for k in range(len(worth)):
        kept = in_play(worth[k], crossed[k], starts, floors[k], must)
        if not kept.any():
            continue
        points, rows, lines, turn, stands = stacked(worth[k], crossed[k], starts, kept)
        counts = np.flatnonzero(power[k] > 0)
        gaining, least, to = signs[counts], base[k][counts], power[k][counts]
        value, ended, found = NEVER, len(counts) == 0, False
        stage = QUICK if len(counts) else NEAR if len(needed) else SOME
        while stage != DONE:
            allowed = min(FIRST, limit) if stage in (QUICK, NEAR) else limit
            kind, who, zero, times = 1, gaining, least, to
            start = value
            if stage in (NEAR, SOME):
                who, zero, times = needed, floors[k][needed], np.ones(len(needed))
                kind, start = (1, NEVER) if stage == NEAR else (2, -2) if len(needed) else (0, NEVER)
            # One call for all stages: what is called in several places is compiled as often.
            reached, picks, proven, _, _ = search(
                points, rows, lines, turn, floors[k], enough[k], must, barred, leaf, first, last, child,
                weight, bar, kind, 1, who, zero, np.ones(len(who)), times, early, start,
                stage in (NEAR, SOME), False, 1, allowed,
            )  # fmt: skip
            if len(picks):
                found = True
                for b in range(len(rows)):
                    chosen[k, b] = picks[0, b]
            if stage == QUICK:
                value, ended = reached, proven
                stage = DONE if found and ended else REST if found else SOME
            elif stage == REST or (stage == SOME and not found):
                certain[k] = proven
                stage = DONE
            elif not found:
                stage = SOME
            elif ended:
                stage = DONE
            else:
                value = product(points, chosen[k], gaining, least, to)
                stage = REST
        if found:
            for b in range(len(rows)):
                chosen[k, b] = stands[b, chosen[k, b]]
    return chosen, certain
