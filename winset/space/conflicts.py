"""Sets of factions that cannot have it together, and the sets that meet them all.

Conflicts are learnt one by one from a yes-or-no question; the sets that meet every conflict known are sought
the lightest first (implicit hitting sets, Moreno-Centeno & Karp 2013). Where all of them have been asked, all
conflicts are known: a further one would lie within what some such set leaves out (Reiter 1987).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence


def conflict(together: Sequence[str], possible: Callable[[list[str]], bool | None]) -> frozenset[str]:
    """A smallest part of an impossible set that is impossible still.

    Where `possible` gives None, not settled, a member stays; the part may then not be smallest.
    """
    needed = list(together)
    for ref in together:
        fewer = [other for other in needed if other != ref]
        if possible(fewer) is False:
            needed = fewer
    return frozenset(needed)


def hitting_sets(
    weights: Mapping[str, float], conflicts: Sequence[frozenset[str]]
) -> Iterator[frozenset[str]]:
    """Sets that meet every conflict known by then, the lightest first; new conflicts count at once."""
    seen: set[frozenset[str]] = set()
    ticket = itertools.count(1)
    queue: list[tuple[float, int, frozenset[str]]] = [(0.0, 0, frozenset())]
    while queue:
        weight, _, chosen = heapq.heappop(queue)
        unmet = next((conflict for conflict in conflicts if not conflict & chosen), None)
        if unmet is None:
            yield chosen
            unmet = next((conflict for conflict in conflicts if not conflict & chosen), None)
            if unmet is None:
                continue
        for ref in sorted(unmet):
            grown = chosen | {ref}
            if grown not in seen:
                seen.add(grown)
                heapq.heappush(queue, (weight + weights[ref], next(ticket), grown))
