"""Means over a side's shock, a standard normal: exact enough to be called a number.

What is averaged is smooth in the shock, so that the trapezoidal rule on the line converges faster than any
power of its step (Trefethen & Weideman 2014), and halving the step keeps all that was computed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENOUGH = 1e-6
LEAST = 1e-6  # of the whole: weights that come to less say nothing
_REACH = 8.0  # beyond it lies less than 1e-15
_STEP = 1 / 8
_MOST_HALVINGS = 8


def mean(value: Callable[[Floats], Floats], rho: float, weight: Callable[[Floats], Floats]) -> Floats:
    """The mean of `value` over the shock, `weight` telling how much each counts; shape (..., m).

    Both are functions of shocks (n,): `value` gives (..., m, n), `weight` (m, n). The step is halved until
    the mean changes by less than 1e-6, eight times at most. nan where the mean of the weights is below a
    millionth. Without correlation the shock moves nothing.
    """
    if rho == 0:
        return _ratio(*_sums(value, weight, np.zeros(1)), 1.0)
    z = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    above, below = _sums(value, weight, z)
    step, whole = _STEP, np.sqrt(2 * np.pi) / _STEP
    found = _ratio(above, below, whole)
    for _ in range(_MOST_HALVINGS):
        between = np.arange(-_REACH + step / 2, _REACH, step)
        more_above, more_below = _sums(value, weight, between)
        above, below, step, whole = above + more_above, below + more_below, step / 2, whole * 2
        finer = _ratio(above, below, whole)
        change = np.nanmax(np.abs(finer - found), initial=0.0)
        found = finer
        if change < ENOUGH:
            break
    return found


def _sums(
    value: Callable[[Floats], Floats], weight: Callable[[Floats], Floats], z: Floats
) -> tuple[Floats, Floats]:
    share = np.exp(-z * z / 2) * weight(z)
    above: Floats = (value(z) * share).sum(axis=-1)
    below: Floats = share.sum(axis=-1)
    return above, below


def _ratio(above: Floats, below: Floats, whole: float) -> Floats:
    usable = below >= LEAST * whole
    found: Floats = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=usable)
    return found
