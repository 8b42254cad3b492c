"""A case in many draws as the arrays of `kernels.drawn`, and one draw of it as a space of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from winset.kernels.drawn import FOUND, NONE, OPEN, best
from winset.space.arrays import Arrays
from winset.space.build import Space
from winset.space.draws import Sample
from winset.space.formula import ConsentFormula
from winset.space.numbers import Floats, Ints, quantise
from winset.space.worth import Bools

AT_ONCE = 2**22  # points held at a time: 32 MB


class Told(NamedTuple):
    """What the kernel is told first of n draws; see there."""

    worth: Floats
    crossed: Bools
    starts: Ints
    floors: Floats
    enough: Ints
    must: Bools
    tree: tuple[NDArray[np.int64], ...]

    def one(self, draw: int) -> Told:
        """One draw of them."""
        at = slice(draw, draw + 1)
        return self._replace(
            worth=self.worth[at], crossed=self.crossed[at], floors=self.floors[at], enough=self.enough[at]
        )


class Stack:
    """The columns are the factions of the formula, then the signers that are not among them.

    `refs` names them; `signs` are the columns of the signers.
    """

    def __init__(self, space: Space, formula: ConsentFormula, signers: Sequence[str]) -> None:
        arrays = Arrays(space, formula.root, tuple(signers), ())
        self.space, self.must, self.tree = space, arrays.must, arrays.tree
        self.refs = tuple(dict.fromkeys((*formula.members, *signers)))
        self.signs = arrays.columns(signers)
        self.starts: Ints = np.cumsum([0, *(len(block.rows) for block in space.blocks)])
        self._places = np.array([space.faction(ref) for ref in self.refs], np.int64)

    def slices(self, draws: int) -> Iterator[slice]:
        """Draws a few at a time, so that no more than 32 MB are held, or one draw."""
        step = max(1, AT_ONCE // (len(self.space.factions) * int(self.starts[-1])))
        return (slice(start, min(start + step, draws)) for start in range(0, draws, step))

    def told(self, sample: Sample) -> Told:
        """The arrays of these draws."""
        worth, crossed = self.rows(sample, self.space)
        floors = np.ascontiguousarray(sample.walk_away[:, self._places])
        return Told(worth, crossed, self.starts, floors, quantise(floors), self.must, self.tree)

    def rows(self, sample: Sample, space: Space) -> tuple[Floats, Bools]:
        """Points and crossed lines of all rows of a space's blocks; both of shape (n, columns, rows)."""
        worth = np.concatenate([points[:, self._places] for points in sample.utilities(space)], axis=2)
        crossed = np.concatenate([lines[:, self._places] for lines in sample.crosses(space)], axis=2)
        # In one layout, so that the kernel is compiled once.
        return np.ascontiguousarray(worth), np.ascontiguousarray(crossed)

    def options(self, rows: Ints) -> NDArray[np.int16]:
        """Option numbers of packages given by rows of blocks, shape (n, blocks); -1 where there is none."""
        chosen = np.empty((len(rows), len(self.space.issues)), np.int16)
        there = rows[:, 0] >= 0
        for block, row in zip(self.space.blocks, rows.T, strict=True):
            chosen[:, block.issues] = np.where(there[:, None], block.rows[row], -1)
        return chosen


def taken(sample: Sample, which: slice | Ints) -> Sample:
    """Some draws of a sample."""
    return Sample(
        walk_away=sample.walk_away[which],
        weights=sample.weights[which],
        scores=tuple(scores[which] for scores in sample.scores),
        lines=tuple(lines[which] for lines in sample.lines),
        joint=sample.joint[which],
        power={side: power[which] for side, power in sample.power.items()},
    )


def exists(told: Told, limit: int) -> Ints:
    """FOUND, NONE or OPEN for each draw; shape (n,)."""
    rows, certain = some(told, limit)
    return np.where(rows[:, 0] >= 0, FOUND, np.where(certain, NONE, OPEN))


def some(told: Told, limit: int) -> tuple[Ints, Bools]:
    """A package of each draw by rows of blocks, shape (n, blocks), -1: none; and whether that is certain."""
    nobody = np.empty((len(told.worth), 0))
    found: tuple[Ints, Bools] = best(*told, np.empty(0, np.int64), nobody, nobody, limit)
    return found
