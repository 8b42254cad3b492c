"""Where straight lines are all above 0: for what values of a number every condition holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.kernels.backward import TIE
from winset.space.numbers import Floats

FLAT = 1e-10  # a slope below this crosses 0 beyond any number of a case


@dataclass(frozen=True, slots=True)
class Stretch:
    """The values, `low` to `high`, at which all lines are at least 0; none where `low > high`.

    `low_by` and `high_by` are the places of the lines that set the ends, `never` that of a line which is
    below 0 everywhere; -1 where there is none.
    """

    low: float
    high: float
    low_by: int = -1
    high_by: int = -1
    never: int = -1

    @property
    def empty(self) -> bool:
        """Whether no value will do."""
        return self.never >= 0 or self.low > self.high + TIE


def slopes(at_0: Floats, at_1: Floats) -> Floats:
    """The slopes of lines by their values at 0 and 1; 0 where a line is infinite, which is no condition."""
    return np.subtract(at_1, at_0, out=np.zeros(np.shape(at_1)), where=np.isfinite(at_0))


def stretch(at_0: Floats, slope: Floats, low: float, high: float) -> Stretch:
    """Where `at_0 + slope * x >= 0` for all lines, both (lines,), and x from `low` to `high`."""
    flat = np.abs(slope) <= FLAT
    never = np.flatnonzero(flat & (at_0 < -TIE))
    if len(never):
        return Stretch(low, high, never=int(never[np.argmin(at_0[never])]))
    roots = np.divide(-at_0, slope, out=np.zeros_like(at_0), where=~flat)
    lows = np.where(~flat & (slope > 0), roots, -np.inf)
    highs = np.where(~flat & (slope < 0), roots, np.inf)
    low_by, high_by = -1, -1
    if lows.max(initial=-np.inf) > low:
        low_by = int(np.argmax(lows))
        low = float(lows[low_by])
    if highs.min(initial=np.inf) < high:
        high_by = int(np.argmin(highs))
        high = float(highs[high_by])
    return Stretch(low, high, low_by, high_by)
