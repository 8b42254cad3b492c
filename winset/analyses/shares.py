"""Shares of draws and changes of them, with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054  # the 97.5% quantile of the standard normal


@dataclass(frozen=True, slots=True)
class Share:
    """In what share of draws something holds, 0 to 1, with its 95% interval (Wilson 1927)."""

    share: float
    low: float
    high: float

    @classmethod
    def of(cls, count: int, draws: int) -> Share:
        """The share of `count` in so many draws."""
        share = count / draws
        spread = Z * Z / draws
        middle = (share + spread / 2) / (1 + spread)
        reach = Z / (1 + spread) * math.sqrt(share * (1 - share) / draws + spread / draws / 4)
        low = 0.0 if count == 0 else middle - reach
        high = 1.0 if count == draws else middle + reach
        return cls(round(share, 6), round(max(low, 0.0), 6), round(min(high, 1.0), 6))


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a share of draws changes, -1 to 1, with its 95% interval over common draws."""

    change: float
    low: float
    high: float

    @classmethod
    def of(cls, gained: int, lost: int, draws: int) -> Change:
        """From how many draws gain and lose it: the paired difference, its interval widened by one draw."""
        change = (gained - lost) / draws
        variance = (gained + lost) / draws - change * change
        reach = Z * math.sqrt(max(variance, 0.0) / draws) + 1 / draws
        return cls(round(change, 6), round(max(change - reach, -1.0), 6), round(min(change + reach, 1.0), 6))
