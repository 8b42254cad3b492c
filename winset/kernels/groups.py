"""Equal rows together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Groups:
    """The distinct rows of `values`, shape (rows, criteria), in ascending order, and where each stands."""

    def __init__(self, values: Ints) -> None:
        self._order: Ints = np.lexsort(values.T[::-1])
        ordered = values[self._order]
        new = np.ones(len(ordered), bool)
        new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        self._starts = np.append(np.flatnonzero(new), len(ordered))
        self.rows = ordered[new]

    def __len__(self) -> int:
        """The number of distinct rows."""
        return len(self.rows)

    @property
    def first(self) -> Ints:
        """The first position of each distinct row."""
        return np.asarray(self._order[self._starts[:-1]])

    @property
    def sizes(self) -> Ints:
        """How often each distinct row stands."""
        return np.diff(self._starts)

    def where(self, chosen: NDArray[np.bool_]) -> Ints:
        """All positions of the chosen distinct rows, ascending; `chosen` has shape (distinct rows,)."""
        return np.sort(self._order[np.repeat(chosen, np.diff(self._starts))])

    def members(self, row: int) -> Ints:
        """All positions of a distinct row, ascending."""
        return self._order[self._starts[row] : self._starts[row + 1]]
