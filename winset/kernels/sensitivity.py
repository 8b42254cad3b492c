"""Whose doubt moves the outputs: variance-based effects of groups of coordinates of the unit cube.

The *total* effect of a group is the share of an output's variance that would be left if everything but the
group were known (estimator of Jansen 1999); the *first-order* effect the share that knowing the group would
remove on average (estimator of Saltelli et al. 2010, with outputs centred: where a group does nothing it is
exactly 0, and among many small effects its error is well below that of Jansen's). Points are those of Sobol'
(1967), scrambled; in the order of rows of Saltelli et al. Intervals are percentiles of a bootstrap over the
base points (Archer, Saltelli & Sobol' 1997): for plain sampling, and so wide rather than narrow here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy  # scipy.stats is slow to load: it is loaded at its first use
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_DIMS = 21201 // 2  # scipy has direction numbers for 21201 coordinates; a design needs two for each
MAX_BASE = 2**30
ROUNDING = 1e-12  # outputs whose spread is no more than this share of their size are constant

_PAGE = 256
_AT_ONCE = 64
_PERCENTILES = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Design:
    """Points at which to judge a model of `dims` inputs, addressed by row; small, so that it can be sent.

    `base` is how many base points there are, a power of two from 2 to 2**30. Each is a pair of points A and
    B of the cube, 0 <= x < 1, and gives `width` = groups + 2 rows: A; for each group A with the coordinates
    of the group taken from B; B. Coordinates in no group are as in A in all rows between. `groups` holds
    places from 0 to dims - 1; `seed` is a whole number from 0.
    """

    dims: int
    base: int
    groups: tuple[tuple[int, ...], ...]
    seed: int

    def __post_init__(self) -> None:
        if not 1 <= self.dims <= MAX_DIMS:
            raise ValueError(f"dims is {self.dims}; give a whole number from 1 to {MAX_DIMS}")
        if not 2 <= self.base <= MAX_BASE or self.base & (self.base - 1):
            raise ValueError(f"base is {self.base}; give a power of two from 2 to 2**30")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; give a whole number from 0")
        for group in self.groups:
            if not all(0 <= place < self.dims for place in group):
                raise ValueError(f"the group {group} has places outside 0 to {self.dims - 1}")

    @property
    def width(self) -> int:
        """Rows for each base point."""
        return len(self.groups) + 2

    @property
    def rows(self) -> int:
        """Rows in all: base * (groups + 2)."""
        return self.base * self.width

    def block(self, first: int, count: int) -> Floats:
        """Rows `first` to `first + count - 1`, shape (count, dims): the same bits in whatever blocks."""
        end = first + count
        if first < 0 or count < 0 or end > self.rows:
            raise ValueError(f"rows {first} to {end - 1} are not all among the design's {self.rows}")
        start = first // self.width
        pairs = self._pairs(start, -(-end // self.width))
        pair = np.arange(first, end) // self.width - start
        points = pairs[pair, :, 0]
        for g, group in enumerate((*self.groups, tuple(range(self.dims))), start=1):
            mine = np.arange((g - first) % self.width, count, self.width)
            places = np.array(group, np.int64)
            points[mine[:, None], places] = pairs[pair[mine, None], places, 1]
        return points

    def _pairs(self, start: int, stop: int) -> Floats:
        """Base points `start` to `stop - 1`, shape (stop - start, dims, 2): A and B of each coordinate."""
        pages = range(start // _PAGE, -(-stop // _PAGE))
        drawn = [_page(self.dims, self.seed, page) for page in pages]
        points = np.concatenate([np.empty((0, self.dims, 2)), *drawn])
        return points[start - pages.start * _PAGE : stop - pages.start * _PAGE]


class Share(NamedTuple):
    """Shares of the variance with their 95% intervals, each of shape (groups, outputs).

    Nothing is cut off: a share that is small may come out below 0, and one that is large above 1.
    """

    value: Floats
    low: Floats
    high: Floats


class Effects(NamedTuple):
    """What the groups do to each output.

    `mean` and `variance` of the outputs over A and B, and `flat`, have shape (outputs,). An output is flat
    where A and B leave it constant but for rounding; its variance and effects are then given as 0.
    """

    total: Share
    first: Share
    mean: Floats
    variance: Floats
    flat: Bools


def effects(outputs: Floats, groups: int, *, seed: int = 0, replicates: int = 1000) -> Effects:
    """Effects of so many groups, from outputs of shape (rows, outputs) in the order of a Design's rows.

    Outputs are finite; those of an event are 0 and 1. `seed` is that of the bootstrap, of so many
    `replicates`, at least 1. The answer does not depend on the outputs' units or their zero.
    """
    values = _by_point(outputs, groups)
    ends = values[:, [0, -1]]
    mean = ends.mean(axis=(0, 1))
    flat = np.ptp(ends, axis=(0, 1)) <= ROUNDING * np.abs(ends).max(axis=(0, 1))
    scale = np.where(flat, 1.0, np.abs(ends - mean).max(axis=(0, 1)))
    terms = _terms(np.where(flat, 0.0, (values - mean) / scale))
    found = _ratios(terms.mean(axis=0))
    low, high = _interval(terms, seed, replicates)
    # A skewed bootstrap can leave out what was found.
    bounds = (found, np.minimum(low, found), np.maximum(high, found))
    return Effects(
        total=Share(*(bound[:groups] for bound in bounds)),
        first=Share(*(bound[groups:] for bound in bounds)),
        mean=mean,
        variance=terms[:, -1].mean(axis=0) * scale**2,
        flat=flat,
    )


def _by_point(outputs: Floats, groups: int) -> Floats:
    """The outputs by base point, shape (base, groups + 2, outputs)."""
    if outputs.ndim != 2:
        raise ValueError(f"the outputs have shape {outputs.shape}, not (rows, outputs)")
    rows, width = len(outputs), groups + 2
    if rows == 0 or rows % width:
        raise ValueError(f"{rows} rows of outputs cannot be of a design with {width} for each base point")
    if not np.isfinite(outputs).all():
        raise ValueError("an output is not a finite number")
    return np.asarray(outputs, np.float64).reshape(rows // width, width, -1)


def _terms(values: Floats) -> Floats:
    """What each base point adds, shape (base, 2 * groups + 1, outputs): to totals, first orders, variance.

    `values` are centred, of shape (base, groups + 2, outputs).
    """
    a, mixed, b = values[:, :1], values[:, 1:-1], values[:, -1:]
    change = mixed - a
    return np.concatenate([change**2 / 2, b * change, (a**2 + b**2) / 2], axis=1)


def _ratios(sums: Floats) -> Floats:
    """Effects, shape (..., 2 * groups, outputs): shares of the variance, which stands last; 0 where none."""
    above, variance = sums[..., :-1, :], sums[..., -1:, :]
    return np.divide(above, variance, out=np.zeros_like(above), where=variance > 0)


def _interval(terms: Floats, seed: int, replicates: int) -> Floats:
    """Percentiles of the effects over base points drawn anew, shape (2, 2 * groups, outputs)."""
    if replicates < 1:
        raise ValueError(f"replicates is {replicates}; give a whole number from 1")
    base, rng = len(terms), np.random.default_rng(seed)
    drawn = []
    for start in range(0, replicates, _AT_ONCE):
        size = min(_AT_ONCE, replicates - start)
        times = rng.multinomial(base, np.full(base, 1 / base), size).astype(float)
        # Not a matrix product, whose bits depend on the number of threads.
        drawn.append(_ratios(np.einsum("rb,bek->rek", times, terms)))
    return np.asarray(np.quantile(np.concatenate(drawn), _PERCENTILES, axis=0))


@lru_cache(maxsize=2)
def _page(dims: int, seed: int, page: int) -> Floats:
    """A run of `_PAGE` base points, shape (_PAGE, dims, 2): A and B of each coordinate; not to be written to.

    A and B take neighbouring coordinates of the sequence. Far-off ones can have the same first digit in the
    first thousand points (of 678 and 678 after them some do, whatever the scrambling), and that would falsify
    the effect of a coordinate whose A and B they are; so coordinates that matter most stand best first.
    """
    sequence = scipy.stats.qmc.Sobol(2 * dims, seed=np.random.default_rng(seed))
    if page:  # scipy cannot go forward by nothing
        sequence.fast_forward(page * _PAGE)
    points: Floats = sequence.random(_PAGE).reshape(_PAGE, dims, 2)
    points.flags.writeable = False
    return points
