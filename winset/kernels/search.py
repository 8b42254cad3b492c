"""Exact search over the product of blocks: depth first, each branch judged by a Lagrangian bound.

Arrays, and what they hold (B blocks, R rows at most, F factions, P parties):

- `worth` (B, R, F): points of a row for a faction; `rows` (B,): how many rows a block has; `turn`
  (B,): the order in which blocks are settled.
- `crossed` (B, R, F): whether the row crosses a red line of the faction.
- `floors` (F,): what a faction must have, in points; `must` (F,): whether nothing passes without it;
  `barred` (F,): whether only packages count that it refuses.
- the formula of consent as a tree: `leaf` (N,) is a faction's number or -1; else the node holds when the
  `weight` of those of its `child`ren, from `first` to `last`, that hold is at least `bar`. Children stand
  before parents.
- `signs` (P,): the faction that stands for a party; `base`, `scale`, `power` (P,): its gain is
  (points - base) / scale, and in a product it counts to its power.

Values are whole 1e-9ths.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from winset.kernels.bounds import bound, tighten

# Goals: 0 a weighted sum of points, 1 a product of gains, 2 the sum of the smallest gains, 3 what is missing.
NEVER = -(2**62)
KNOWN_FROM = -(2**61)
# Steps of the multipliers at the root, and at nodes once so many were visited.
ROOT_STEPS, LISTING_STEPS, NODE_STEPS, STEPS_FROM = 300, 40, 6, 64


@njit(cache=True)
def accepted(leaf, first, last, child, weight, bar, yes, held):
    """Whether the tree of consent holds; `held` is working space, one entry a node, the root last."""
    for node in range(len(leaf)):
        if leaf[node] >= 0:
            held[node] = yes[leaf[node]]
        else:
            total = np.int64(0)
            for at in range(first[node], last[node]):
                if held[child[at]]:
                    total += weight[at]
            held[node] = total >= bar[node]
    return held[len(leaf) - 1]


@njit(cache=True)
def quantised(value):
    """A value in whole 1e-9ths, halves to even as numpy rounds."""
    return np.int64(np.rint(value / 1e-9))


@njit(cache=True)
def value_of(kind, smallest, u, signs, base, scale, power, lexi, gains):
    """The goal at points `u`, quantised; NEVER where the goal is not defined or an earlier level is missed.

    `lexi[j]` is what the sum of the j + 1 smallest gains must reach; the goal of LEXI is that of `smallest`.
    """
    parties = len(signs)
    if kind == 0:
        total = 0.0
        for p in range(parties):
            total += power[p] * u[signs[p]]
        return quantised(total)
    if kind == 1:
        total = 0.0
        for p in range(parties):
            gain = u[signs[p]] - base[p]
            if quantised(gain) <= 0:
                return np.int64(NEVER)
            total += power[p] * np.log(gain)
        return quantised(total)
    if kind == 3:
        missing = np.int64(0)
        for p in range(parties):
            missing += quantised(power[p] * max(base[p] - u[signs[p]], 0.0))
        return -missing
    for p in range(parties):
        gains[p] = quantised((u[signs[p]] - base[p]) / scale[p])
    gains.sort()
    total_so_far = np.int64(0)
    for j in range(smallest):
        total_so_far += gains[j]
        if j < smallest - 1 and total_so_far < lexi[j]:
            return np.int64(NEVER)
    return total_so_far


@njit(cache=True)
def in_reach(kind, smallest, gains, power, lexi, goal):
    """Whether the goal could be reached if every party had the most it can still gain, `gains`, at once."""
    if kind == 1:
        total = 0.0
        for p in range(len(gains)):
            if gains[p] <= 0:
                return False
            total += power[p] * np.log(gains[p])
        return total >= goal - 1e-8
    if kind == 3:
        total = 0.0
        for p in range(len(gains)):
            total += power[p] * min(gains[p], 0.0)
        return total >= goal - 1e-8
    gains.sort()
    total = 0.0
    for j in range(smallest):
        total += gains[j]
        if j < smallest - 1 and total < lexi[j] * 1e-9 - 1e-8:
            return False
    return total >= goal - 1e-8


@njit(cache=True)
def search(
    worth, rows, crossed, turn, floors, enough, must, barred, leaf, first, last, child, weight, bar,
    kind, smallest, signs, base, scale, power, lexi, start, at_once, listing, most, limit,
):  # fmt: skip
    """The largest value of a goal over the packages that the formula accepts, or all packages that have it.

    `enough` (F,) is `floors` in whole 1e-9ths, what a leaf is judged by. Packages must beat `start`; with
    `listing` they must reach it, and the first `most` are written down. With `at_once` the first that is
    found ends the search. Gives the value (NEVER: none), the picks (rows by block, shape (found, B)),
    whether nothing was left out, the bound at the root, and the nodes visited.
    """
    blocks, _, factions = worth.shape
    parties = len(signs)
    best = start
    picks = np.empty((most if listing else 1, blocks), np.int64)
    found = 0
    room = np.zeros((blocks + 1, factions))
    for d in range(blocks - 1, -1, -1):
        b = turn[d]
        for f in range(factions):
            room[d, f] = room[d + 1, f] + worth[b, : rows[b], f].max()
    # Floors are met after rounding; what the smallest gain must reach binds all whose gain counts.
    floors, bind = floors - 0.5e-9, must.copy()
    if kind == 2 and smallest > 1:
        for p in range(parties):
            f = signs[p]
            least = base[p] + scale[p] * (lexi[0] - 1) * 1e-9
            floors[f] = max(floors[f], least) if bind[f] else least
            bind[f] = True
    so_far = np.zeros((blocks + 1, factions))
    met = np.zeros((blocks + 1, factions), np.bool_)
    m = np.ones((blocks + 1, parties))
    lam = np.zeros((blocks + 1, factions))
    order = np.zeros((blocks, worth.shape[1]), np.int64)
    worths = np.zeros((blocks, worth.shape[1]))
    rest = np.zeros(blocks)
    place = np.zeros(blocks, np.int64)
    chosen = np.zeros(blocks, np.int64)
    c, u = np.zeros(factions), np.zeros(factions)
    kept_m, kept_l = np.zeros(parties), np.zeros(factions)
    gains = np.zeros(parties, np.int64)
    most_gain = np.zeros(parties)
    yes = np.zeros(factions, np.bool_)
    held = np.zeros(len(leaf), np.bool_)
    plain = True  # nothing in the formula but those without whom nothing passes
    for node in range(len(leaf)):
        if leaf[node] >= 0 and not must[leaf[node]]:
            plain = False
    if kind == 1:
        for p in range(parties):
            m[0, p] = power[p] / max(0.5 * (room[0, signs[p]] - base[p]), 1e-6)
    elif kind == 2:
        m[0, :] = smallest / parties
    elif kind == 3:
        m[0, :] = power
    # A sum of rounded terms may lie half a quantum a term above the sum itself.
    added_up = smallest if kind == 2 else parties if kind == 3 else 1
    loose = 0.5e-9 * added_up + 1e-10
    further = 0 if listing else 1
    nodes = 0
    root = 0.0
    depth = 0
    entering = True
    while depth >= 0:
        known = best > KNOWN_FROM
        goal = (best + further) * 1e-9 - loose * (1.0 + abs(best) * 1e-12) if known else -1e290
        if entering:
            entering = False
            nodes += 1
            if nodes > limit:
                return best, picks[:found], False, root, nodes
            later = NODE_STEPS if known and nodes > STEPS_FROM and depth < blocks - 1 else 0
            steps = (LISTING_STEPS if listing else ROOT_STEPS) if depth == 0 else later
            least = tighten(
                steps, goal if known else 0.0, kind, smallest, m[depth], lam[depth], worth, rows, turn, depth,
                so_far[depth], floors, bind, signs, base, scale, power, c, u, kept_m, kept_l,
            )  # fmt: skip
            if depth == 0:
                root = least
            if least < goal:
                depth -= 1
                continue
            bound(
                kind, m[depth], lam[depth], worth, rows, turn, depth, so_far[depth], floors, bind, signs,
                base, scale, power, c, u,
            )  # fmt: skip
            b = turn[depth]
            top = -1e300
            for r in range(rows[b]):
                total = 0.0
                for f in range(factions):
                    total += c[f] * worth[b, r, f]
                worths[depth, r] = total
                order[depth, r] = r
                top = max(top, total)
            # Insertion sort, largest first: rows are few and often in order already.
            for i in range(1, rows[b]):
                r = order[depth, i]
                j = i - 1
                while j >= 0 and worths[depth, order[depth, j]] < worths[depth, r]:
                    order[depth, j + 1] = order[depth, j]
                    j -= 1
                order[depth, j + 1] = r
            rest[depth] = least - top
            place[depth] = 0
        b = turn[depth]
        if place[depth] >= rows[b]:
            depth -= 1
            continue
        r = order[depth, place[depth]]
        place[depth] += 1
        if rest[depth] + worths[depth, r] < goal:
            depth -= 1
            continue
        fits = True
        for f in range(factions):
            so_far[depth + 1, f] = so_far[depth, f] + worth[b, r, f]
            met[depth + 1, f] = met[depth, f] or crossed[b, r, f]
            able = so_far[depth + 1, f] + room[depth + 1, f] >= floors[f] - 1e-8
            if (bind[f] and not able) or (must[f] and met[depth + 1, f]):
                fits = False
                break
            yes[f] = able and not met[depth + 1, f] and not barred[f]
        if fits and kind > 0:
            for p in range(parties):
                f = signs[p]
                most_gain[p] = (so_far[depth + 1, f] + room[depth + 1, f] - base[p]) / scale[p]
            fits = in_reach(kind, smallest, most_gain, power, lexi, goal)
        if not fits:
            continue
        if not plain and not accepted(leaf, first, last, child, weight, bar, yes, held):
            continue
        chosen[b] = r
        if depth + 1 < blocks:
            m[depth + 1, :] = m[depth]
            lam[depth + 1, :] = lam[depth]
            depth += 1
            entering = True
            continue
        for f in range(factions):
            u[f] = 0.0
            for q in range(blocks):
                u[f] += worth[q, chosen[q], f]
            yes[f] = quantised(u[f]) >= enough[f] and not met[depth + 1, f]
            fits = fits and not (barred[f] and yes[f])
        if not fits or not accepted(leaf, first, last, child, weight, bar, yes, held):
            continue
        reached = value_of(kind, smallest, u, signs, base, scale, power, lexi, gains)
        if listing:
            if reached < best or reached < KNOWN_FROM:
                continue
            if found == most:
                return best, picks[:found], False, root, nodes
            picks[found, :] = chosen
            found += 1
        elif reached > best:
            best = reached
            picks[0, :] = chosen
            found = 1
            if at_once:
                return best, picks[:1], True, root, nodes
    return best, picks[:found], True, root, nodes
