"""What can be asked of a space of any size: is there a package, which are best, all of them, with proof.

A quest puts a question to `kernels.search`. Where rules leave it open who has to accept and the search takes
long, the question is put in two halves, packages that one faction accepts and packages that it refuses, and
so on: within a half more walk-aways bind, and the bounds are tighter.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from winset.kernels.dominance import leximin_best
from winset.kernels.search import KNOWN_FROM, NEVER, search
from winset.space.arrays import MOST_LISTED, Arrays, Part
from winset.space.build import Space
from winset.space.formula import Formula
from winset.space.goals import Goal, lexi, linear
from winset.space.numbers import QUANTUM, Floats, Ints, quantise
from winset.space.worth import Choices

LIMIT = 3_000_000  # nodes: some ten seconds
# Nodes after which a question is put in two halves: packages that some faction accepts, and that it refuses.
BEFORE_HALVING = 3_000
WORTH_HALVING = 0.1  # by what share of the gap both bounds must come down

Answer = tuple[int, NDArray[np.int64], bool, float, int]


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """The best value (whole 1e-9ths; None: no package) and one package that has it.

    `proven` says that nothing was left out; else no package has more than `bound`.
    """

    value: int | None
    choice: Choices | None
    proven: bool
    bound: float
    nodes: int


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """Packages of one value: option numbers of the first, how many, and whether all were counted."""

    choices: Choices
    packages: int
    proven: bool


@dataclass(frozen=True, eq=False, slots=True)
class Ranked:
    """A lexicographic maximum: the smallest gain, the two smallest together, and so on, in whole 1e-9ths.

    `every` lists its packages; None where some level, `last`, has no package or could not be proven.
    """

    reached: tuple[int, ...]
    last: Found
    every: Listed | None


class Quest:
    """The packages of a space that satisfy a formula over factions, and in which `floors` are reached.

    `counted` are further factions whose points goals speak of; `floors` are pairs of a faction and points
    that it must have whether it accepts or not. Raises LimitExceeded for votes with weights past 2**60.
    """

    def __init__(
        self,
        space: Space,
        formula: Formula,
        counted: Sequence[str] = (),
        floors: Sequence[tuple[str, float]] = (),
        limit: int = LIMIT,
    ) -> None:
        self.space, self.limit = space, limit
        self._arrays = Arrays(space, formula, tuple(counted), tuple(floors))

    def raised(self, floors: Floats) -> Quest:
        """The same quest with other floors, in the order in which they were given."""
        other = copy.copy(self)
        other._arrays = self._arrays.raised(floors)
        return other

    def under(self, formula: Formula) -> Quest:
        """The same quest under another formula of the same factions, or some of them."""
        other = copy.copy(self)
        other._arrays = self._arrays.under(formula)
        return other

    def any(self) -> Found:
        """Some package that will do; the question of existence alone."""
        must, floors = self._arrays.needed()
        if not len(must):
            return self._ask(linear((), np.empty(0)), must, NEVER, at_once=True)
        return self._ask(lexi((), floors, np.ones(len(must)), ()), must, -2, at_once=True)

    def best(self, goal: Goal, start: int = NEVER) -> Found:
        """The largest value of the goal above `start`, and a package that has it."""
        return self._ask(goal, self._arrays.columns(goal.signs), start, at_once=False)

    def leximin(self, goal: Goal) -> Ranked:
        """The lexicographic maximum of the smallest gains; `goal` is that of its first level."""
        first = self.best(goal)
        if first.value is None or not first.proven:
            return Ranked((), first, None)
        return self._among_all(goal, first) or self._by_levels(goal, first)

    def _among_all(self, goal: Goal, first: Found) -> Ranked | None:
        """The best of all that share the largest smallest gain; None where these are too many to list."""
        arrays, signs = self._arrays, self._arrays.columns(goal.signs)
        assert first.value is not None
        _, picks, proven, _, _ = self._run(goal, signs, first.value, at_once=False, listing=True)
        if not proven:
            return None
        gains = quantise((arrays.points(picks)[:, signs] - goal.base) / goal.scale)
        best = leximin_best(gains)
        reached = np.cumsum(np.sort(gains[best[0]])).tolist()
        every = Listed(arrays.packages(picks[best]), arrays.count(picks[best]), True)
        return Ranked(tuple(reached), first, every)

    def _by_levels(self, goal: Goal, first: Found) -> Ranked:
        """The smallest gain, the two smallest together, and so on, each holding those before it."""
        found = first
        reached: tuple[int, ...] = ()
        for level in range(len(goal.signs)):
            if level:
                found = self.best(lexi(goal.signs, goal.base, goal.scale, reached))
            if found.value is None or not found.proven:
                return Ranked(reached, found, None)
            reached = (*reached, found.value)
        last = lexi(goal.signs, goal.base, goal.scale, reached[:-1])
        return Ranked(reached, found, self.all(last, reached[-1]))

    def all(self, goal: Goal, value: int) -> Listed:
        """Every package that has this value, the largest there is; the first 10,000 are listed."""
        arrays = self._arrays
        if arrays.empty:
            return Listed(np.empty((0, len(self.space.issues)), np.int16), 0, True)
        signs = arrays.columns(goal.signs)
        _, picks, proven, _, _ = self._run(goal, signs, value, at_once=False, listing=True)
        return Listed(arrays.packages(picks), arrays.count(picks), bool(proven))

    def bound(self, goal: Goal, start: int) -> float:
        """What the goal cannot exceed; where that is below `start`, any number below it."""
        arrays = self._arrays
        if arrays.empty:
            return -np.inf
        signs = arrays.columns(goal.signs)
        return self._bound(goal, signs, start, arrays.whole)

    def _ask(self, goal: Goal, signs: Ints, start: int, *, at_once: bool) -> Found:
        arrays = self._arrays
        if arrays.empty:
            return Found(None, None, True, -np.inf, 0)
        value, picks, proven, root, nodes = self._run(goal, signs, start, at_once=at_once, listing=False)
        if not len(picks):
            return Found(None, None, bool(proven), float(root), int(nodes))
        bound = float(value) * QUANTUM if proven else float(root)
        return Found(int(value), arrays.packages(picks)[:1], bool(proven), bound, int(nodes))

    def _run(self, goal: Goal, signs: Ints, start: int, *, at_once: bool, listing: bool) -> Answer:
        """The kernel's answer over all parts of the packages, as few as it takes."""
        pending = [self._arrays.whole]
        best, root, nodes = start, None, 0
        picks = np.empty((0, len(self.space.blocks)), np.int64)
        while pending:
            part = pending.pop()
            ask = partial(self._search, goal, signs, part=part, at_once=at_once, listing=listing)
            allowed = min(BEFORE_HALVING, self.limit - nodes)
            value, found, proven, bound, spent = ask(start=best, allowed=allowed)
            root, nodes = bound if root is None else root, nodes + spent
            if not proven and nodes < self.limit and not (listing and len(found) == MOST_LISTED):
                value, found = (best, found[:0]) if listing else (max(best, value), found)
                halves = self._halves(goal, signs, value, part, bound)
                if halves:
                    pending += halves
                    proven = True
                else:
                    again = ask(start=value, allowed=self.limit - nodes)
                    value, found = again[0], again[1] if len(again[1]) else found
                    proven, nodes = again[2], nodes + again[4]
            if listing:
                picks = np.concatenate([picks, found])
            elif value > best:
                best, picks = value, found
            if at_once and len(picks):
                return best, picks, True, float(root), nodes
            if not proven:
                return best, picks, False, float(root), nodes
        return best, picks, True, float(root or 0.0), nodes

    def _halves(self, goal: Goal, signs: Ints, start: int, part: Part, bound: float) -> tuple[Part, ...]:
        """The two halves of a part whose bounds come down most, the better last; none where none helps."""
        enough = (bound - start * QUANTUM) * WORTH_HALVING if start > KNOWN_FROM else 0.0
        best: tuple[float, tuple[Part, ...]] = (enough, ())
        for halves in self._arrays.halves(part):
            down = [bound - self._bound(goal, signs, start, half) for half in halves]
            if min(down) > best[0]:
                best = min(down), halves if down[0] > down[1] else halves[::-1]
        return best[1]

    def _bound(self, goal: Goal, signs: Ints, start: int, part: Part) -> float:
        return float(self._search(goal, signs, start, part, 1, at_once=False, listing=False)[3])

    def _search(
        self, goal: Goal, signs: Ints, start: int, part: Part, allowed: int, *, at_once: bool, listing: bool
    ) -> Answer:
        arrays = self._arrays
        told = arrays.space(part)
        if told is None:
            return NEVER, np.empty((0, len(self.space.blocks)), np.int64), True, -np.inf, 0
        reached = np.array((*goal.reached, 0), np.int64)
        # numba's stubs know no number of arguments
        found: Answer = search(  # type: ignore[call-arg]
            *told[0], *arrays.tree, goal.kind, goal.smallest, signs, goal.base, goal.scale, goal.power,
            reached, start, at_once, listing, MOST_LISTED, allowed,
        )  # fmt: skip
        for b, rows in enumerate(told[1]):
            found[1][:, b] = rows[found[1][:, b]]
        return found


class Settling:
    """Whether packages of a quest exist under one formula after another, within one limit for all of them.

    `settled` says whether every question so far was; after 300,000 nodes or 6,000 questions none is.
    """

    def __init__(
        self, quest: Quest, nodes: int = 300_000, at_once: int = 50_000, questions: int = 6_000
    ) -> None:
        self._quest, self._nodes, self._at_once, self._questions = quest, nodes, at_once, questions
        self.settled = True

    def possible(self, formula: Formula) -> bool | None:
        """Whether some package will do; None where that was not settled."""
        quest = self._quest.under(formula)
        quest.limit = max(0, min(self._at_once, self._nodes)) if self._questions > 0 else 0
        some = quest.any()
        self._nodes, self._questions = self._nodes - some.nodes, self._questions - 1
        if some.choice is None and not some.proven:
            self.settled = False
            return None
        return some.choice is not None
