"""Uniform numbers, and the inverse distribution functions that make them what a judgement allows.

Triangular and uniform estimates by their closed forms; PERT (Malcolm, Roseboom, Clark & Fazar 1959) as
the beta distribution on [low, high] with lambda 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, log1p, ndtri

from winset.case.estimate import Estimate
from winset.case.model import Ranking
from winset.space.numbers import Floats

# Uniforms are kept this far from 0 and 1, where a normal quantile is infinite.
LEAST = 2.0**-53


def stream(seed: int, name: str, first: int, count: int) -> Floats:
    """Numbers `first` to `first + count - 1`, in [0, 1), of the stream of a seed and a name; shape (count,).

    Philox gives four numbers a step of its counter, so that any of them can be had by itself.
    """
    key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
    philox = np.random.Philox(key=np.array([seed, key], np.uint64), counter=first // 4)
    bits: NDArray[np.uint64] = philox.random_raw(first % 4 + count)[first % 4 :]
    uniforms: Floats = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return uniforms


class Shapes:
    """The distributions of several estimates side by side, none of them a point."""

    def __init__(self, estimates: Sequence[Estimate]) -> None:
        self._low = np.array([e.low for e in estimates], float)
        self._high = np.array([e.high for e in estimates], float)
        self._width = self._high - self._low
        self._peak = (np.array([e.point for e in estimates], float) - self._low) / self._width
        self._triangular = _places(estimates, "triangular")
        self._pert = _places(estimates, "pert")

    def at(self, quantiles: Floats) -> Floats:
        """The estimates at these quantiles; both of shape (draws, estimates), quantiles within [0, 1]."""
        unit = np.array(quantiles)
        for places, inverse in ((self._triangular, _triangular), (self._pert, _pert)):
            unit[:, places] = inverse(quantiles[:, places], self._peak[places])
        # Low and width do not always add up to high in the last bit.
        values: Floats = np.minimum(self._low + self._width * unit, self._high)
        return values


def _places(estimates: Sequence[Estimate], shape: str) -> list[int]:
    return [place for place, estimate in enumerate(estimates) if estimate.shape == shape]


def _triangular(quantiles: Floats, peak: Floats) -> Floats:
    """On [0, 1], the mode at `peak`."""
    rising = np.sqrt(quantiles * peak)
    falling = 1 - np.sqrt((1 - quantiles) * (1 - peak))
    return np.where(quantiles < peak, rising, falling)


def _pert(quantiles: Floats, peak: Floats) -> Floats:
    """On [0, 1], the mode at `peak`: beta with 1 + 4 peak and 5 - 4 peak."""
    found: Floats = betaincinv(1 + 4 * peak, 5 - 4 * peak, quantiles)
    return found


class Part:
    """Numbers of one kind: what they are at the mode, and which of them are drawn, from which column."""

    def __init__(self, mode: Sequence[float] | Sequence[Sequence[float]]) -> None:
        self._mode = np.array(mode, float)
        self._places: list[int] = []
        self._columns: list[int] = []
        self._estimates: list[Estimate] = []

    def draw(self, place: tuple[int, ...], estimate: Estimate, column: int) -> None:
        """Let the number at `place` be drawn from the quantiles' `column`."""
        self._places.append(int(np.ravel_multi_index(place, self._mode.shape)))
        self._columns.append(column)
        self._estimates.append(estimate)

    def at(self, quantiles: Floats) -> Floats:
        """The numbers at these quantiles, (draws, columns); shape (draws, *shape of the mode)."""
        values = np.repeat(self._mode.reshape(1, -1), len(quantiles), axis=0)
        values[:, self._places] = self._shapes.at(quantiles[:, self._columns])
        return values.reshape(len(quantiles), *self._mode.shape)

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self._estimates)


class Latents:
    """Standard normal toughness, sqrt(rho) z + sqrt(1 - rho) e: z a shock that several share, e their own."""

    def __init__(self, rho: float) -> None:
        self._rho = rho
        self._shocks: list[int] = []
        self._owns: list[int] = []

    def add(self, shock: int | None, own: int) -> int:
        """One more latent from these columns of the uniforms; its place. `shock` is None where rho is 0."""
        self._owns.append(own)
        self._shocks.append(own if shock is None else shock)  # then it counts 0 times
        return len(self._owns) - 1

    def at(self, uniforms: Floats) -> Floats:
        """The latents for these uniforms within (0, 1); shape (draws, latents)."""
        shocks, owns = ndtri(uniforms[:, self._shocks]), ndtri(uniforms[:, self._owns])
        found: Floats = np.sqrt(self._rho) * shocks + np.sqrt(1 - self._rho) * owns
        return found


def ordered_simplex(sizes: NDArray[np.int64], uniforms: Floats) -> Floats:
    """Weights of ranked levels with these many members, uniform among all that agree with the order.

    The weights fall from level to level and sum to 1 over the members (SMAA-2, Lahdelma & Salminen 2001).
    They fill a simplex whose corners are equal weights on the first k levels; exponentials, in
    proportion, are uniform shares of the corners. Both arrays have shape (draws, levels).
    """
    # scipy's logarithm is the same on every processor, numpy's is not; and a sum's last bit depends on
    # how the numbers lie in memory.
    exponentials = np.ascontiguousarray(-log1p(-uniforms))
    shares = exponentials / exponentials.sum(axis=1, keepdims=True)
    corners = shares / np.cumsum(sizes)
    weights: Floats = np.cumsum(corners[:, ::-1], axis=1)[:, ::-1]
    return weights


def levels_of(ranking: Ranking, names: Sequence[str]) -> NDArray[np.int64]:
    """The level of each name in an order, 0 the best."""
    level = {name: k for k, members in enumerate(ranking.levels) for name in members}
    return np.array([level[name] for name in names], np.int64)


def falling_scores(uniforms: Floats) -> Floats:
    """Scores of ranked levels: the best 100, the worst 0, sorted uniforms between.

    Uniforms have shape (draws, levels - 2), scores (draws, levels), in points.
    """
    ends = np.ones((len(uniforms), 1))
    return 100 * np.hstack([ends, np.sort(uniforms, axis=1)[:, ::-1], 0 * ends])
