"""A space and a formula of consent as the arrays of `kernels.search`, and the way back to packages."""

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
from winset.kernels.search import NEVER
from winset.space.build import Block, Space
from winset.space.formula import Formula, Leaf, holds, leaves
from winset.space.numbers import Floats, Ints, quantise
from winset.space.worth import Bools, Choices

MOST_LISTED = 10_000
LARGEST_WEIGHT = 2**60
UNASKED = -1e300  # a floor that everybody reaches


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Packages told apart by who accepts: all that `must`, none that is `barred`; shape (columns,)."""

    must: Bools
    barred: Bools


class Arrays:
    """The arrays of the kernel, and the way back from its rows to packages.

    There is a column for every faction of the formula, one for every floor, and one for every other faction
    that is counted. Rows that everybody who counts values alike stand for each other.
    """

    def __init__(
        self, space: Space, formula: Formula, counted: tuple[str, ...], floors: tuple[tuple[str, float], ...]
    ) -> None:
        self._space = space
        self._members = tuple(dict.fromkeys(leaves(formula)))
        others = tuple(ref for ref in dict.fromkeys(counted) if ref not in self._members)
        self._refs = (*self._members, *(ref for ref, _ in floors), *others)
        self._floors = len(floors)
        places = np.array([space.faction(ref) for ref in self._refs], np.int64)
        asked = len(self._members)
        held = np.array([floor for _, floor in floors])
        self.floors = np.concatenate([space.walk_away[places[:asked]], held, np.full(len(others), UNASKED)])
        self._tables = [_Rows(block, places, asked) for block in space.blocks]
        self._judge_by(formula)

    def _judge_by(self, formula: Formula) -> None:
        self._formula = formula
        yes = dict.fromkeys(self._members, True)
        needed = [not holds(formula, {**yes, ref: False}) for ref in self._members]
        others = len(self._refs) - len(self._members) - self._floors
        self.must = np.array([*needed, *(True for _ in range(self._floors)), *(False for _ in range(others))])
        self._root = self._rows_of(self.must)
        self.tree = _tree(formula, self._members, self._floors)

    @property
    def empty(self) -> bool:
        """Whether some block has no row that those without whom nothing passes could accept."""
        return self._root is None

    def under(self, formula: Formula) -> Arrays:
        """The same arrays under another formula of the same factions, or some of them."""
        other = copy.copy(self)
        other._judge_by(formula)
        return other

    def space(self, part: Part) -> tuple[tuple[NDArray[Any], ...], list[Ints]] | None:
        """What the kernel is told of a part, and which row of a block each of its rows is; None if empty."""
        asked = self.floors > UNASKED
        enough = np.where(asked, quantise(np.where(asked, self.floors, 0.0)), NEVER)
        rows = self._root if part.must is self.must else self._rows_of(part.must)
        return None if rows is None else ((*rows[0], self.floors, enough, part.must, part.barred), rows[1])

    def _rows_of(self, must: Bools) -> tuple[tuple[NDArray[Any], ...], list[Ints]] | None:
        """The rows that cross no line of those who must accept, and where they stand; None: none left."""
        kept = [np.flatnonzero(~table.crossed[:, must].any(axis=1)) for table in self._tables]
        if not all(map(len, kept)):
            return None
        rows = list(zip(self._tables, kept, strict=True))
        return _stacked(
            [table.worth[at] for table, at in rows], [table.crossed[at] for table, at in rows]
        ), kept

    @property
    def whole(self) -> Part:
        """All packages that the formula accepts."""
        return Part(self.must, np.zeros(len(self.must), bool))

    def halves(self, part: Part) -> Iterator[tuple[Part, Part]]:
        """Ways to tell apart the packages of a part: those that a faction accepts, and those that it refuses.

        There is a way for every faction whose refusal could matter, and none where nobody's could.
        """
        members = len(self._members)
        sure, barred = part.must[:members], part.barred[:members]
        if holds(self._formula, self._yes(sure)):
            return
        for chosen in np.flatnonzero(~sure & ~barred):
            with_it, without, needed = part.must.copy(), part.barred.copy(), part.must.copy()
            with_it[chosen], without[chosen] = True, True
            for other in np.flatnonzero(~sure & ~without[:members]):
                others = ~without[:members]
                others[other] = False
                needed[other] = not holds(self._formula, self._yes(others))
            yield Part(with_it, part.barred), Part(needed, without)

    def _yes(self, accept: Bools) -> dict[str, int]:
        return dict(zip(self._members, accept.astype(int).tolist(), strict=True))

    def raised(self, floors: Floats) -> Arrays:
        """The same arrays with other floors."""
        other = copy.copy(self)
        other.floors = self.floors.copy()
        other.floors[len(self._members) :][: self._floors] = floors
        return other

    def columns(self, refs: Sequence[str]) -> Ints:
        """The columns that hold the points of these factions."""
        return np.array([self._refs.index(ref) for ref in refs], np.int64)

    def needed(self) -> tuple[Ints, Floats]:
        """The columns that must reach their floors, and these."""
        return np.flatnonzero(self.must), self.floors[self.must]

    def points(self, picks: NDArray[np.int64]) -> Floats:
        """What rows are worth together, added up as the kernel does; shape (picks, columns)."""
        total = np.zeros((len(picks), len(self._refs)))
        for table, rows in zip(self._tables, picks.T, strict=True):
            total += table.worth[rows]
        return total

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
    """A block's rows, equal ones together: `same` lists them by the first of each, ascending."""

    def __init__(self, block: Block, places: Ints, asked: int) -> None:
        worth, crossed = block.utilities[places].T, block.crosses[places].T.copy()
        crossed[:, asked:] = False  # red lines matter to acceptance alone
        told_apart = np.column_stack([worth, crossed])
        keys: dict[bytes, list[int]] = {}
        for row, told in enumerate(told_apart):
            keys.setdefault(told.tobytes(), []).append(row)
        self.same = list(keys.values())
        self.first = np.array([rows[0] for rows in self.same], np.int64)
        self.worth, self.crossed = worth[self.first], crossed[self.first]


def _stacked(worths: list[Floats], crossings: list[Bools]) -> tuple[NDArray[Any], ...]:
    """Blocks of different lengths in one array; those that differ most are settled first."""
    sizes = np.array([len(worth) for worth in worths], np.int64)
    shape = (len(worths), sizes.max(), worths[0].shape[1])
    worth, crossed = np.zeros(shape), np.zeros(shape, bool)
    for b, rows in enumerate(sizes):
        worth[b, :rows], crossed[b, :rows] = worths[b], crossings[b]
    spread = np.array([np.ptp(rows, axis=0).sum() for rows in worths])
    return worth, sizes, crossed, np.argsort(-spread, kind="stable").astype(np.int64)


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
