"""The package that most of those at home could accept, zone or no zone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from winset.analyses.agreement.problem import Choice, Concept, Indices, Problem, Sought, Support, nothing
from winset.case import table
from winset.kernels.dominance import leximin_best
from winset.space.build import Space
from winset.space.consent import Consent
from winset.space.numbers import Floats, Ints, quantise


class Supporters:
    """Finds the best supported packages while the space passes by in batches.

    Best is the largest mean, over the parties that count, of the accepting share of faction weight;
    then the lexicographic max-min of u_f - r_f over their factions.
    """

    def __init__(self, space: Space, parties: Iterable[str]) -> None:
        self._shares, self._members = shares_of(space, tuple(parties))
        self._walk_away = space.walk_away
        self._best: tuple[int, list[int]] | None = None
        self._packages: list[Indices] = []
        self._share = 0.0

    def take(self, packages: Indices, consent: Consent) -> None:
        """Look at a batch of packages."""
        # Added up faction by faction: a matrix product may round differently from one machine to the next.
        shares = np.zeros(len(packages))
        for share, accepts in zip(self._shares, consent.accepts, strict=True):
            shares += share * accepts
        support = quantise(shares)
        top = np.flatnonzero(support == support.max())
        slack = quantise((consent.worth[:, top] - self._walk_away[:, None])[self._members].T)
        best = leximin_best(slack)
        score = (int(support.max()), np.sort(slack[best[0]]).tolist())
        if self._best is None or score > self._best:
            self._best, self._packages = score, []
            self._share = float(shares[top[best[0]]])
        if score == self._best:
            self._packages.append(packages[top[best]])

    def found(self) -> Support:
        """The best supported packages of all that were taken."""
        if self._best is None:
            return Support(nothing(), 0.0)
        return Support(np.concatenate(self._packages), self._share)


def shares_of(space: Space, parties: tuple[str, ...]) -> tuple[Floats, Ints]:
    """Each faction's share of the mean support, shape (factions,), and the factions that have one."""
    shares = np.zeros(len(space.factions))
    for side in parties:
        party = space.case.parties.get(side)
        weights = {side: 1.0} if party is None else _weights(side, space)
        total = sum(weights.values())
        for ref, weight in weights.items():
            shares[space.faction(ref)] = weight / total / len(parties)
    members = [space.faction(ref) for side in parties for ref in _refs(side, space)]
    return shares, np.array(members, np.int64)


def _refs(side: str, space: Space) -> list[str]:
    return [ref for ref in table.refs_of_side(space.case, side) if ref in space.factions]


def _weights(side: str, space: Space) -> dict[str, float]:
    party = space.case.parties[side]
    refs = table.refs_of_party(side, party)
    given = {
        ref: float(weight)
        for ref, weight in zip(refs, table.home_weights(side, party).values(), strict=True)
        if ref in space.factions
    }
    return given if sum(given.values()) > 0 else dict.fromkeys(given, 1.0)


def solve(problem: Problem) -> Choice:
    """Maximise support over the whole space."""
    return Choice(problem.support.share, problem.support.packages)


def seek(sought: Sought) -> Choice | None:
    """The same by search; see `support`."""
    return sought.support()


CONCEPT = Concept(
    id="best_supported",
    title="Best supported",
    source="winset; support as in Putnam (1988)",
    picks="what most of those at home could accept, even where no deal is possible",
    objective="mean over the parties of the accepting share of faction weight, 0 to 1",
    over="space",
    axioms=frozenset({"renaming_invariant"}),
    solve=solve,
    seek=seek,
)
