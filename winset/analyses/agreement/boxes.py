"""The frontier by searches, where folding holds too much: each point certified, what is left open measured.

What no point found so far equals or exceeds is a union of boxes, each open upwards from a corner. The largest
sum of points within a box is undominated everywhere; it cuts the boxes that it lies in into smaller ones
(Klamroth, Lacour & Vanderpooten 2015). Where no box is left, the frontier is complete.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.analyses.agreement.problem import Sought
from winset.kernels.dominance import undominated
from winset.space.arrays import UNASKED
from winset.space.goals import linear
from winset.space.numbers import QUANTUM, Floats, Ints, quantise

MOST_SEARCHES = 1_500
MOST_NODES = 1_000_000  # of all searches together: some ten seconds
LOWEST = -(2**62)
SAMPLED = 4_096


@dataclass(frozen=True, eq=False, slots=True)
class Boxed:
    """Undominated points in whole 1e-9ths, shape (points, parties), by rising utility of the first party.

    `left` is the share of the room between the walk-aways and the most that each could have in which others
    may lie; None where the frontier is complete.
    """

    points: Ints
    left: float | None


def boxed(sought: Sought) -> Boxed:
    """The frontier, complete or as far as 1,500 searches or 1,000,000 nodes lead."""
    most = _most(sought)
    base = np.minimum(quantise(sought.walk_away), most)
    corners = np.full((1, len(most)), LOWEST, np.int64)
    goal = linear(sought.signers, np.ones(len(most)))
    found: list[Ints] = []
    searches = nodes = 0
    while len(corners) and searches < MOST_SEARCHES and nodes < MOST_NODES:
        room = np.prod((most - np.maximum(corners, base) + 1).astype(float), axis=1)
        place = int(room.argmax())
        some = sought.above(_floors(corners[place])).best(goal)
        searches, nodes = searches + 1, nodes + some.nodes
        if not some.proven:
            break
        if some.choice is None:
            corners = np.delete(corners, place, axis=0)
            continue
        point = quantise(sought.worth(some.choice)[0])
        found.append(point)
        corners = _cut(corners, point)
    points = np.array(found, np.int64).reshape(-1, len(most))
    left = _share(corners, base, most) if len(corners) else None
    return Boxed(points[undominated(points)], left)


def _most(sought: Sought) -> Ints:
    """The most that each party has in the zone; where a search found no end, what it cannot exceed."""
    found = (sought.zone.best(linear((signer,), np.ones(1))).bound for signer in sought.signers)
    return quantise(np.array(list(found)))


def _floors(corner: Ints) -> Floats:
    floors: Floats = np.where(corner == LOWEST, UNASKED, corner * QUANTUM)
    return floors


def _cut(corners: Ints, point: Ints) -> Ints:
    """The corners of what is left of the boxes once all that the point equals or exceeds is gone."""
    hit = np.all(corners <= point, axis=1)
    grown = np.repeat(corners[hit], len(point), axis=0)
    at = np.tile(np.arange(len(point)), int(hit.sum()))
    grown[np.arange(len(grown)), at] = point[at] + 1
    every = np.concatenate([corners[~hit], grown])
    # A box within another is not needed: the lowest corners are those that nothing undercuts.
    return every[undominated(-every)]


def _share(corners: Ints, base: Ints, most: Ints) -> float:
    """In what share of the room some box still lies, by points spread evenly at random."""
    spread = np.random.default_rng(0).random((SAMPLED, len(base)))
    points = base + spread * (most - base)
    within = np.zeros(SAMPLED, bool)
    for corner in corners:
        within |= np.all(points >= corner, axis=1)
    return float(within.mean())
