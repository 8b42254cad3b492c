"""The cheapest way to a zone by search: over who is to accept, and over packages for each such coalition.

A coalition that carries the rules pays what its members lack: points below walk-aways, red lines crossed.
What those decided on lack already bounds every coalition that holds them, so the cheapest bounds are looked
at first (best-first branch and bound).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from winset.analyses.sticking.answers import Repair
from winset.analyses.sticking.price import NEVER
from winset.analyses.sticking.repair import Tariff, described, prices
from winset.analyses.sticking.scene import Ground
from winset.space.beside import beside
from winset.space.build import Block, Space
from winset.space.formula import Threshold, holds
from winset.space.goals import Goal, missing
from winset.space.numbers import QUANTUM, Floats, Ints
from winset.space.package import together
from winset.space.quest import Listed, Quest
from winset.space.worth import Choices, crossed_within, utilities

MOST_COALITIONS = 1_000
MOST_NODES = 300_000  # of all searches together: some seconds
MOST_STARTS = 3
ANYTHING = Threshold((), (), 0)


@dataclass(frozen=True, slots=True)
class Coalition:
    """Factions that are to accept, and those whose acceptance is not counted on."""

    inside: frozenset[str]
    outside: frozenset[str]


def cheapest(ground: Ground, tariff: Tariff) -> Repair | None:
    """The cheapest repair over all packages; None where nothing would make a zone.

    After 1,000 coalitions, or where a search reached its limit, the cheapest found, which says so.
    """
    if not holds(ground.formula.root, dict.fromkeys(ground.say, 1)):
        return None
    costs = _Costs(ground, tariff)
    best, chosen = _by_descent(ground, tariff)
    queue: list[tuple[int, int, Coalition]] = []
    carrying: list[Coalition] = []
    fresh = [_closed(ground, frozenset(), frozenset())]
    finished = False
    for ticket in range(MOST_COALITIONS):
        if not costs.settled:
            break
        for place, coalition in enumerate(fresh):
            heapq.heappush(queue, (costs.at_least(coalition, best), 2 * ticket + place, coalition))
        finished = not queue or queue[0][0] > best
        if finished:
            break
        coalition = heapq.heappop(queue)[2]
        fresh = list(_parted(ground, coalition))
        if not fresh:
            carrying.append(coalition)
            best, chosen = costs.least(coalition, best) or (best, chosen)
    costs.grant()
    proven = costs.settled and finished
    listed = [costs.all(coalition, best) for coalition in carrying]
    every = together(ground.space, [chosen, *(found.choices for found in listed)])
    found = described(ground, tariff, every, best, len(every))
    several = len([found for found in listed if found.packages]) > 1
    if not several:
        found = replace(found, tied=max(1, sum(found.packages for found in listed)))
    whole = proven and all(f.proven and (not several or f.packages == len(f.choices)) for f in listed)
    return replace(found, proven=proven, all_counted=whole)


class _Costs:
    """What coalitions lack, in whole 1e-9ths, over all packages."""

    def __init__(self, ground: Ground, tariff: Tariff) -> None:
        space = ground.space
        self._lines = {ref: f"red lines of {ref}" for ref in ground.say}
        lines = tuple(self._lines.values())
        self._space, self._tariff, self.settled = space, tariff, True
        wider = beside(space, lines, partial(_spared, space, ground.say))
        self._quest = Quest(wider, ANYTHING, (*ground.say, *lines), limit=MOST_NODES)

    def _goal(self, coalition: Coalition) -> Goal:
        inside = [ref for ref in self._lines if ref in coalition.inside]
        walk_away = self._space.walk_away[[self._space.faction(ref) for ref in inside]]
        signs = (*inside, *(self._lines[ref] for ref in inside))
        prices = np.repeat([self._tariff.per_point, self._tariff.per_line], len(inside))
        return missing(signs, np.append(walk_away, np.zeros(len(inside))), prices)

    def at_least(self, coalition: Coalition, best: int) -> int:
        """What no package undercuts; past `best` any number past it."""
        if not coalition.inside:
            return 0
        bound = self._quest.bound(self._goal(coalition), -best - 1)
        return max(0, math.floor(-bound / QUANTUM) - 2 * len(coalition.inside))

    def least(self, coalition: Coalition, best: int) -> tuple[int, Choices] | None:
        """The least cost of all packages where it is no more than `best`, and a package that has it."""
        found = self._quest.best(self._goal(coalition), -best - 1)
        self._quest.limit = max(0, self._quest.limit - found.nodes)
        self.settled = self.settled and found.proven
        return None if found.value is None or found.choice is None else (-found.value, found.choice)

    def grant(self) -> None:
        """Nodes anew, for listing what was found."""
        self._quest.limit = MOST_NODES

    def all(self, coalition: Coalition, cost: int) -> Listed:
        """All packages at that cost."""
        return self._quest.all(self._goal(coalition), -cost)


def _spared(space: Space, say: tuple[str, ...], block: Block) -> Floats:
    """Minus how many red lines of each faction the rows cross; shape (factions, rows)."""
    crossed: Floats = -np.array([crossed_within(space, ref, block) for ref in say], float)
    return crossed


def _parted(ground: Ground, coalition: Coalition) -> Iterator[Coalition]:
    """The coalition with and without one more; nothing where it carries as it is."""
    inside, outside = coalition.inside, coalition.outside
    if holds(ground.formula.root, {ref: int(ref in inside) for ref in ground.say}):
        return
    ref = next(ref for ref in ground.say if ref not in inside and ref not in outside)
    yield _closed(ground, inside | {ref}, outside)
    yield _closed(ground, inside, outside | {ref})


def _closed(ground: Ground, inside: frozenset[str], outside: frozenset[str]) -> Coalition:
    """With all inside without whom nobody else could carry."""
    able = {ref: int(ref not in outside) for ref in ground.say}
    needed = {ref for ref in ground.say if able[ref] and not holds(ground.formula.root, {**able, ref: 0})}
    return Coalition(inside | needed, outside)


def _by_descent(ground: Ground, tariff: Tariff) -> tuple[int, Choices]:
    """Some good package and its cost: from several starts, block by block, while it comes down."""
    space = ground.space
    say = [space.faction(ref) for ref in ground.say]
    starts = [block.utilities[say].sum(axis=0).argmax() for block in space.blocks]
    others = [[block.utilities[f].argmax() for block in space.blocks] for f in say[:MOST_STARTS]]
    found = (_descended(ground, tariff, np.array(rows)) for rows in [starts, *others])
    return min(found, key=lambda one: one[0])


def _descended(ground: Ground, tariff: Tariff, rows: Ints) -> tuple[int, Choices]:
    space = ground.space
    choices = np.empty((1, len(space.issues)), np.int16)
    for block, row in zip(space.blocks, rows, strict=True):
        choices[0, block.issues] = block.rows[row]
    best, before = int(NEVER), int(NEVER) + 1
    while best < before:
        before = best
        for block in space.blocks:
            tried = np.repeat(choices, len(block.rows), axis=0)
            tried[:, block.issues] = block.rows
            found = prices(ground, tariff, tried, utilities(space, tried))
            if found.min() < best:
                best, choices = int(found.min()), tried[[found.argmin()]]
    return best, choices
