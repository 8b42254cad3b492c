"""The best supported packages by search: the heaviest set of factions that one package satisfies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from winset.analyses.agreement.best_supported import shares_of
from winset.analyses.agreement.problem import Choice, Proof, Sides, nothing
from winset.space.conflicts import conflict, hitting_sets
from winset.space.formula import Leaf, Threshold
from winset.space.goals import lexi
from winset.space.numbers import Floats, Ints, quantise
from winset.space.package import together
from winset.space.quest import Quest, Settling

MOST_CONFLICTS = 400
MOST_NODES = 300_000


def support(counted: Sides) -> Choice | None:
    """The largest mean share of accepting factions, then the largest smallest surplus, over all packages.

    Conflicts, sets of factions that no package satisfies together, are learnt one by one; the factions left
    out are a lightest set that meets every conflict (implicit hitting sets, Moreno-Centeno & Karp 2013). None
    where more than 400 conflicts would be needed, or a search reached its limit.
    """
    shares, members = shares_of(counted.space, counted.parties)
    asked = _Asked(counted, shares, members)
    conflicts: list[frozenset[str]] = []
    best: tuple[int, ...] | None = None
    tied: list[Choice] = []
    lightest: int | None = None
    for left_out in hitting_sets(asked.weights, conflicts):
        weight = int(quantise(np.array(sum(asked.weights[ref] for ref in left_out))))
        if lightest is not None and weight > lightest:
            break
        accepting = [ref for ref in asked.weights if ref not in left_out]
        possible = asked.possible(accepting)
        if possible is None or len(conflicts) > MOST_CONFLICTS:
            return None
        if not possible:
            conflicts.append(conflict(accepting, asked.possible))
            continue
        lightest = weight
        found = asked.smallest_surplus(accepting)
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


class _Asked:
    """Packages that certain factions accept; `weights` are those of factions whose acceptance counts."""

    def __init__(self, counted: Sides, shares: Floats, members: Ints) -> None:
        space = counted.space
        self._space, self._shares, self._members = space, shares, members
        self.weights = {space.factions[place]: float(shares[place]) for place in members if shares[place] > 0}
        self._quest = Quest(space, _all_accept(space.factions), limit=MOST_NODES)
        self._settling = Settling(self._quest)

    def possible(self, accepting: list[str]) -> bool | None:
        """Whether some package satisfies all of them; None where that was not settled."""
        return self._settling.possible(_all_accept(accepting))

    def smallest_surplus(self, accepting: list[str]) -> tuple[tuple[int, ...], Choice] | None:
        """The lexicographic maximum of points over walk-aways, those left out included, and its packages."""
        space, members = self._space, self._members
        signs = tuple(space.factions[place] for place in members)
        goal = lexi(signs, space.walk_away[members], np.ones(len(members)), ())
        ranked = self._quest.under(_all_accept(accepting)).leximin(goal)
        every = ranked.every
        if every is None:
            return None
        # In the order of factions, as floats add up differently in another.
        share = sum(
            float(self._shares[place]) for place, ref in enumerate(space.factions) if ref in accepting
        )
        proof = Proof(share, proven=True, all_counted=every.proven)
        choice = Choice(share, nothing(), chosen=every.choices, tied=every.packages, sought=proof)
        return ranked.reached, choice


def _all_accept(refs: Sequence[str]) -> Threshold:
    return Threshold(tuple(map(Leaf, refs)), (1,) * len(refs), len(refs))
