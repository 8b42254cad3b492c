"""The numbers that stand in for an order."""

from __future__ import annotations

from collections.abc import Mapping

from winset.case.model import Ranking


def centroids(ranking: Ranking) -> Mapping[str, float]:
    """Rank-order centroid weights, w_k = (1/n) sum over j >= k of 1/j; level ranks share the mean.

    Barron & Barrett (1996).
    """
    n = sum(len(level) for level in ranking.levels)
    by_rank = [sum(1 / j for j in range(k, n + 1)) / n for k in range(1, n + 1)]
    found, first = {}, 0
    for level in ranking.levels:
        mean = sum(by_rank[first : first + len(level)]) / len(level)
        found.update(dict.fromkeys(level, mean))
        first += len(level)
    return found


def spaced(ranking: Ranking) -> Mapping[str, float]:
    """Scores evenly spaced from 100 to 0, a level sharing one value; all level is 100."""
    steps = max(len(ranking.levels) - 1, 1)
    return {name: 100 * (1 - k / steps) for k, level in enumerate(ranking.levels) for name in level}
