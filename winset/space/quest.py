"""What can be asked of a space of any size: is there a package, which are best, all of them, with proof.

A quest turns a space and a formula of consent into the arrays of `kernels.search`, asks, and turns rows back
into packages. Rows that everybody who counts values alike are looked at once.
"""

from __future__ import annotations

import copy
import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.errors import LimitExceeded
from winset.kernels.search import NEVER, search
from winset.space.build import Block, Space
from winset.space.formula import Formula, Leaf, holds, leaves
from winset.space.goals import Goal, lexi, linear
from winset.space.numbers import QUANTUM, Floats, Ints, quantise
from winset.space.worth import Choices

LIMIT = 3_000_000  # nodes: some ten seconds
MOST_LISTED = 10_000
LARGEST_WEIGHT = 2**60
UNASKED = -1e300  # a floor that everybody reaches

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
        self._arrays = _Arrays(space, formula, tuple(counted), tuple(floors))

    def raised(self, floors: Floats) -> Quest:
        """The same quest with other floors, in the order in which they were given."""
        other = copy.copy(self)
        other._arrays = self._arrays.raised(floors)
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

    def levels(self, goal: Goal, start: int = NEVER) -> Iterator[Found]:
        """The levels of a lexicographic maximum: the smallest gain, the two smallest together, and so on.

        Ends early where a level has no package or could not be proven.
        """
        reached: tuple[int, ...] = ()
        for _ in goal.signs:
            found = self.best(lexi(goal.signs, goal.base, goal.scale, reached), start)
            yield found
            if found.value is None or not found.proven:
                return
            reached, start = (*reached, found.value), NEVER

    def all(self, goal: Goal, value: int) -> Listed:
        """Every package that has this value, the largest there is; the first 10,000 are listed."""
        arrays = self._arrays
        if arrays.empty:
            return Listed(np.empty((0, len(self.space.issues)), np.int16), 0, True)
        signs = arrays.columns(goal.signs)
        _, picks, proven, _, _ = self._run(goal, signs, value, at_once=False, listing=True)
        return Listed(arrays.packages(picks), arrays.count(picks), bool(proven))

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
        arrays = self._arrays
        reached = np.array((*goal.reached, 0), np.int64)
        # numba's stubs know no number of arguments
        found: Answer = search(  # type: ignore[call-arg]
            *arrays.space, *arrays.tree, goal.kind, goal.smallest, signs, goal.base, goal.scale, goal.power,
            reached, start, at_once, listing, MOST_LISTED, self.limit,
        )  # fmt: skip
        return found


class _Arrays:
    """The arrays of the kernel, and the way back from its rows to packages.

    There is a column for every faction of the formula, one for every floor, and one for every other faction
    that is counted.
    """

    def __init__(
        self, space: Space, formula: Formula, counted: tuple[str, ...], floors: tuple[tuple[str, float], ...]
    ) -> None:
        self._space = space
        members = tuple(dict.fromkeys(leaves(formula)))
        others = tuple(ref for ref in dict.fromkeys(counted) if ref not in members)
        self._refs = (*members, *(ref for ref, _ in floors), *others)
        places = np.array([space.faction(ref) for ref in self._refs], np.int64)
        asked = len(members)
        held = np.array([floor for _, floor in floors])
        unasked = np.full(len(others), UNASKED)
        self.floors = np.concatenate([space.walk_away[places[:asked]], held, unasked])
        yes = dict.fromkeys(members, True)
        needed = [not holds(formula, {**yes, ref: False}) for ref in members]
        self.must = np.array([*needed, *(True for _ in floors), *(False for _ in others)], bool)
        tables = [_Rows(block, places, self.must, asked) for block in space.blocks]
        self.empty = any(not len(table.first) for table in tables)
        if self.empty:
            return
        self._tables = tables
        shape = (len(tables), max(len(table.first) for table in tables))
        worth, crossed = np.zeros((*shape, len(places))), np.zeros((*shape, len(places)), bool)
        for b, table in enumerate(tables):
            rows = len(table.first)
            worth[b, :rows], crossed[b, :rows] = table.worth, table.crossed
        sizes = np.array([len(table.first) for table in tables], np.int64)
        spread = np.array([np.ptp(table.worth, axis=0).sum() for table in tables])
        turn = np.argsort(-spread, kind="stable").astype(np.int64)
        self._fixed = (worth, sizes, crossed, turn)
        self._held = slice(asked, asked + len(held))
        self.tree = _tree(formula, members, len(floors))

    @property
    def space(self) -> tuple[NDArray[Any], ...]:
        """What the kernel is told of the space, floors included."""
        asked = self.floors > UNASKED
        enough = np.where(asked, quantise(np.where(asked, self.floors, 0.0)), NEVER)
        return (*self._fixed, self.floors, enough, self.must)

    def raised(self, floors: Floats) -> _Arrays:
        """The same arrays with other floors."""
        other = copy.copy(self)
        if not self.empty:
            other.floors = self.floors.copy()
            other.floors[self._held] = floors
        return other

    def columns(self, refs: Sequence[str]) -> Ints:
        """The columns that hold the points of these factions."""
        return np.array([self._refs.index(ref) for ref in refs], np.int64)

    def needed(self) -> tuple[Ints, Floats]:
        """The columns that must reach their floors, and these."""
        return np.flatnonzero(self.must), self.floors[self.must]

    def count(self, picks: NDArray[np.int64]) -> int:
        """How many packages rows stand for: exactly, however many."""
        each = [[len(same) for same in table.same] for table in self._tables]
        return sum(
            math.prod(sizes[row] for sizes, row in zip(each, pick, strict=True)) for pick in picks.tolist()
        )

    def packages(self, picks: NDArray[np.int64]) -> Choices:
        """Option numbers of the packages that rows stand for, the first 10,000 by their numbers."""
        # Each product rises, so merging them gives the first without making them all.
        rising = (
            itertools.product(*(table.same[row] for table, row in zip(self._tables, pick, strict=True)))
            for pick in picks.tolist()
        )
        found = list(itertools.islice(heapq.merge(*rising), MOST_LISTED))
        rows = np.array(found, np.int64).reshape(len(found), len(self._tables))
        chosen = np.empty((len(found), len(self._space.issues)), np.int16)
        for block, row in zip(self._space.blocks, rows.T, strict=True):
            chosen[:, block.issues] = block.rows[row]
        return chosen


class _Rows:
    """A block's rows without those that cross a line that nobody may cross, equal ones together."""

    def __init__(self, block: Block, places: Ints, must: NDArray[np.bool_], asked: int) -> None:
        worth, crossed = block.utilities[places].T, block.crosses[places].T.copy()
        crossed[:, asked:] = False  # red lines matter to acceptance alone
        usable = np.flatnonzero(~crossed[:, must].any(axis=1))
        keys: dict[bytes, list[int]] = {}
        for row in usable.tolist():
            keys.setdefault(worth[row].tobytes() + crossed[row].tobytes(), []).append(row)
        self.same = list(keys.values())
        self.first = np.array([rows[0] for rows in self.same], np.int64)
        self.worth, self.crossed = worth[self.first], crossed[self.first]


def _tree(formula: Formula, members: tuple[str, ...], floors: int) -> tuple[NDArray[np.int64], ...]:
    """The formula and all floors as arrays, children before parents."""
    nodes: list[tuple[int, list[int], list[int], int]] = []

    def add(part: Formula) -> int:
        if isinstance(part, Leaf):
            nodes.append((members.index(part.ref), [], [], 0))
        else:
            if sum(part.weights) > LARGEST_WEIGHT or abs(part.bar) > LARGEST_WEIGHT:
                raise LimitExceeded("the weights of a vote are finer than can be counted; round them")
            children = [add(child) for child in part.parts]
            nodes.append((-1, children, list(part.weights), part.bar))
        return len(nodes) - 1

    children = [add(formula)]
    for floor in range(floors):
        nodes.append((len(members) + floor, [], [], 0))
        children.append(len(nodes) - 1)
    nodes.append((-1, children, [1] * len(children), len(children)))
    last = np.cumsum([len(node[1]) for node in nodes])
    first = last - [len(node[1]) for node in nodes]
    return (
        np.array([node[0] for node in nodes], np.int64),
        first.astype(np.int64),
        last.astype(np.int64),
        np.array([child for node in nodes for child in node[1]], np.int64),
        np.array([weight for node in nodes for weight in node[2]], np.int64),
        np.array([node[3] for node in nodes], np.int64),
    )
