"""Lagrangian bounds on a concave goal over a product of blocks, and multipliers that tighten them.

For multipliers m of the goal and l >= 0 of the floors, the goal F of any package u that reaches the floors is
at most F*(m) + max of m.u + l.(u - floors), F*(m) = sup F(u) - m.u, and that maximum separates over blocks
(Everett 1963; Geoffrion 1974). Multipliers follow a subgradient, with Polyak's (1969) step towards the value
to be beaten. The arrays are those of `search`.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def bound(kind, m, lam, worth, rows, turn, depth, so_far, floors, must, signs, base, scale, power, c, u):
    """The dual value with these multipliers below a node; `c` and `u` receive weights and points reached."""
    factions = len(floors)
    total = 0.0
    for f in range(factions):
        c[f] = 0.0
        if must[f] and lam[f] > 0:
            c[f] = lam[f]
            total -= lam[f] * floors[f]
    for p in range(len(signs)):
        if kind == 1:
            c[signs[p]] += m[p]
            total += power[p] * (np.log(power[p] / m[p]) - 1.0) - m[p] * base[p]
        elif kind == 0:
            c[signs[p]] += power[p]
        elif kind == 3:
            c[signs[p]] += m[p]
            total -= m[p] * base[p]
        else:
            c[signs[p]] += m[p] / scale[p]
            total -= m[p] * base[p] / scale[p]
    for f in range(factions):
        total += c[f] * so_far[f]
        u[f] = so_far[f]
    for d in range(depth, len(rows)):
        b = turn[d]
        most, at = -1e300, 0
        for r in range(rows[b]):
            found = 0.0
            for f in range(factions):
                found += c[f] * worth[b, r, f]
            if found > most:
                most, at = found, r
        total += most
        for f in range(factions):
            u[f] += worth[b, at, f]
    return total


@njit(cache=True)
def onto_simplex(m, smallest):
    """The nearest point with entries from 0 to 1 that sum to `smallest`, by bisection."""
    low, high = m.min() - 1.0, m.max()
    for _ in range(60):
        middle = 0.5 * (low + high)
        total = 0.0
        for p in range(len(m)):
            total += min(1.0, max(0.0, m[p] - middle))
        if total > smallest:
            low = middle
        else:
            high = middle
    for p in range(len(m)):
        m[p] = min(1.0, max(0.0, m[p] - high))
    # What bisection leaves over goes where there is room: the bound needs the exact sum.
    lacking = smallest - m.sum()
    for p in range(len(m)):
        more = min(1.0 - m[p], lacking)
        if more > 0:
            m[p] += more
            lacking -= more


@njit(cache=True)
def step(kind, smallest, gap, m, lam, u, floors, must, signs, base, scale, power):
    """One subgradient step from the points `u` that the multipliers reach; `gap`: how far above target."""
    square = 1e-12
    for p in range(len(signs)):
        if kind == 1:
            square += (m[p] * (u[signs[p]] - base[p]) - power[p]) ** 2
        elif kind >= 2:
            square += ((u[signs[p]] - base[p]) / scale[p]) ** 2
    ease = 0.0025 if kind == 1 else 1.0
    for f in range(len(floors)):
        slope = u[f] - floors[f]
        if must[f] and (lam[f] > 0 or slope < 0):
            square += ease * slope**2
    length = max(gap, 1e-9) / square
    for p in range(len(signs)):
        if kind == 1:
            move = length * (m[p] * (u[signs[p]] - base[p]) - power[p])
            m[p] *= np.exp(-min(1.0, max(-1.0, move)))
        elif kind == 2:
            m[p] -= length * (u[signs[p]] - base[p]) / scale[p]
        elif kind == 3:
            m[p] = min(power[p], max(0.0, m[p] - length * (u[signs[p]] - base[p])))
    if kind == 2:
        onto_simplex(m, smallest)
    for f in range(len(floors)):
        if must[f]:
            lam[f] = max(0.0, lam[f] - length * ease * (u[f] - floors[f]))


@njit(cache=True)
def tighten(
    steps, target, kind, smallest, m, lam, worth, rows, turn, depth, so_far, floors, must, signs, base, scale,
    power, c, u, kept_m, kept_l,
):  # fmt: skip
    """Multipliers improved by some steps, the best kept; the bound that they give."""
    least = bound(
        kind, m, lam, worth, rows, turn, depth, so_far, floors, must, signs, base, scale, power, c, u
    )
    kept_m[:] = m
    kept_l[:] = lam
    ease = 1.0
    for _ in range(steps):
        if least < target:
            break
        step(kind, smallest, ease * (least - target), m, lam, u, floors, must, signs, base, scale, power)
        found = bound(
            kind, m, lam, worth, rows, turn, depth, so_far, floors, must, signs, base, scale, power, c, u
        )
        if found < least:
            least = found
            kept_m[:] = m
            kept_l[:] = lam
        else:
            ease *= 0.85
    m[:] = kept_m
    lam[:] = kept_l
    return least
