"""The best supported packages by search: the heaviest set of factions that one package satisfies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from winset.analyses.agreement.best_supported import shares_of
from winset.analyses.agreement.problem import Choice, Proof, Sides, nothing
from winset.analyses.agreement.proofs import together
from winset.space.formula import Leaf, Threshold
from winset.space.goals import lexi
from winset.space.numbers import Floats, Ints, quantise
from winset.space.quest import Quest

MOST_CONFLICTS = 400


def support(counted: Sides) -> Choice | None:
    """The largest mean share of accepting factions, then the largest smallest surplus, over all packages.

    Conflicts, sets of factions that no package satisfies together, are learnt one by one; the factions left
    out are a lightest set that meets every conflict (implicit hitting sets, Moreno-Centeno & Karp 2013). None
    where more than 400 conflicts would be needed or a search reached its limit.
    """
    space = counted.space
    shares, members = shares_of(space, counted.parties)
    weights = {space.factions[place]: float(shares[place]) for place in members if shares[place] > 0}
    conflicts: list[frozenset[str]] = []
    best: tuple[int, ...] | None = None
    tied: list[Choice] = []
    lightest: int | None = None
    for left_out in _hitting(weights, conflicts):
        weight = int(quantise(np.array(sum(weights[ref] for ref in left_out))))
        if lightest is not None and weight > lightest:
            break
        accepting = [ref for ref in weights if ref not in left_out]
        some = _quest(counted, accepting).any()
        if not some.proven or len(conflicts) > MOST_CONFLICTS:
            return None
        if some.choice is None:
            conflicts.append(_conflict(counted, accepting))
            continue
        lightest = weight
        found = _smallest_surplus(counted, accepting, members, shares)
        if found is None:
            return None
        surplus, choice = found
        if best is None or surplus > best:
            best, tied = surplus, []
        if surplus == best:
            tied.append(choice)
    return _merged(counted, tied) if tied else None


def _merged(counted: Sides, tied: list[Choice]) -> Choice:
    """Packages that tie although different factions accept them, as one answer."""
    first = tied[0]
    if len(tied) == 1:
        return first
    chosen = together(counted.space, [choice.chosen for choice in tied if choice.chosen is not None])
    proof = Proof(
        first.objective,
        proven=True,
        all_counted=all(choice.sought is not None and choice.sought.all_counted for choice in tied),
    )
    return replace(first, chosen=chosen, tied=sum(choice.tied or 0 for choice in tied), sought=proof)


def _quest(counted: Sides, accepting: Sequence[str]) -> Quest:
    everybody = Threshold(tuple(map(Leaf, accepting)), (1,) * len(accepting), len(accepting))
    return Quest(counted.space, everybody, counted.space.factions)


def _conflict(counted: Sides, accepting: list[str]) -> frozenset[str]:
    """A set of factions that no package satisfies together, none of which could be left out of it."""
    needed = list(accepting)
    for ref in accepting:
        fewer = [other for other in needed if other != ref]
        some = _quest(counted, fewer).any()
        if some.proven and some.choice is None:
            needed = fewer
    return frozenset(needed)


def _hitting(weights: dict[str, float], conflicts: list[frozenset[str]]) -> Iterator[frozenset[str]]:
    """Sets that meet every conflict known by then, the lightest first; new conflicts count at once."""
    seen: set[frozenset[str]] = set()
    queue: list[tuple[float, int, frozenset[str]]] = [(0.0, 0, frozenset())]
    ticket = itertools.count(1)
    while queue:
        queue.sort()
        weight, _, chosen = queue.pop(0)
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
                queue.append((weight + weights[ref], next(ticket), grown))


def _smallest_surplus(
    counted: Sides, accepting: list[str], members: Ints, shares: Floats
) -> tuple[tuple[int, ...], Choice] | None:
    """The lexicographic maximum of points over walk-aways, those left out included, and its packages."""
    space = counted.space
    quest = _quest(counted, accepting)
    signs = tuple(space.factions[place] for place in members)
    base, scale = space.walk_away[members], np.ones(len(members))
    reached: list[int] = []
    for found in quest.levels(lexi(signs, base, scale, ())):
        if found.value is None or not found.proven:
            return None
        reached.append(found.value)
    every = quest.all(lexi(signs, base, scale, tuple(reached[:-1])), reached[-1])
    # In the order of factions, as floats add up differently in another.
    share = sum(float(shares[place]) for place, ref in enumerate(space.factions) if ref in accepting)
    proof = Proof(share, proven=True, all_counted=every.proven)
    return tuple(reached), Choice(share, nothing(), chosen=every.choices, tied=every.packages, sought=proof)
