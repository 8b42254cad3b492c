"""A home asked about packages: the chance of whatever its factions together bring about.

Exact over votes and the shock. Popular votes, whose turnouts are drawn, and rules in which more than 2**16
combinations of states would have to be gone through jointly are simulated: evenly spread shocks, everything
else from streams by name, so that the same question gives the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from winset.analyses.ratification import shock
from winset.analyses.ratification.ballot import (
    MOST_TOGETHER,
    SAYS_YES,
    Ballot,
    Plebiscite,
    Vote,
    chance,
    combinations,
    walk,
)
from winset.analyses.ratification.decided import Circumstances, holds, polled
from winset.analyses.ratification.doubt import Doubt
from winset.analyses.ratification.home import Home
from winset.analyses.ratification.terms import Counted
from winset.case.estimate import Estimate
from winset.space.shapes import Shapes, stream

Floats = NDArray[np.float64]

SIMULATIONS = 2**14


def estimates(given: Sequence[Estimate], names: Sequence[str], seed: int, first: int, count: int) -> Floats:
    """Estimates drawn, each from the stream of its name; shape (estimates, count)."""
    found = np.repeat([[estimate.point] for estimate in given], count, axis=1).reshape(len(given), count)
    for place, (estimate, name) in enumerate(zip(given, names, strict=True)):
        if not estimate.is_point:
            quantiles = stream(seed, name, first, count)[:, None]
            found[place] = Shapes([estimate]).at(quantiles)[:, 0]
    return found


@lru_cache(maxsize=16)
def electorate(
    ballot: Ballot, seed: int, first: int, count: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Sizes and turnouts of the groups of all popular votes in a ballot, drawn."""
    sizes: dict[str, Floats] = {}
    turnouts: dict[str, Floats] = {}
    for part in walk(ballot):
        if isinstance(part, Plebiscite):
            name, groups = part.poll.name, part.poll.groups
            for found, given, what in ((sizes, groups.sizes, "size"), (turnouts, groups.turnouts, "turnout")):
                names = [f"{name} {what} {place}" for place in range(len(given))]
                found[name] = estimates(given, names, seed, first, count)
    return sizes, turnouts


@dataclass(frozen=True)
class Asked:
    """A home, asked `signed` (given that its signer has signed) or by its rule alone.

    `yes` and `no` are places of factions of whom it is assumed what they say; `simulations` is how many
    there are where the answer is simulated.
    """

    home: Home
    doubt: Doubt
    signed: bool = True
    seed: int = 0
    simulations: int = SIMULATIONS
    yes: tuple[int, ...] = ()
    no: tuple[int, ...] = ()

    @cached_property
    def known(self) -> Doubt:
        """The doubt about the factions, given what is known of them."""
        sure = (*self.yes, self.home.signing) if self.signed else self.yes
        return self.doubt.given(sure, self.no)

    @property
    def packages(self) -> int:
        """How many packages are asked about."""
        return int(self.doubt.worth.shape[1])

    def weight(self, z: Floats) -> Floats:
        """How much each shock counts, by how likely the signer signs there; shape (m, shocks)."""
        if not self.signed:
            return np.ones((self.packages, len(z)))
        return self._signs(z)

    def _signs(self, z: Floats) -> Floats:
        return self.doubt.says_yes(self.home.signing, z)

    @cached_property
    def signing(self) -> Floats:
        """The chance that the signer signs each package; shape (m,)."""
        return shock.mean(self._signs, self.doubt.rho, lambda z: np.ones((self.packages, len(z))))

    def chances(self, ballots: Sequence[Ballot]) -> Floats:
        """The chance of each ballot for each package; shape (ballots, m), nan where nobody would sign."""
        m = self.packages
        if any(simulated(ballot) for ballot in ballots):
            return np.stack([self._simulated(ballots, i) for i in range(m)], axis=1)

        def value(z: Floats) -> Floats:
            reached = self.known.reached(z)
            return np.stack([chance(ballot, reached).reshape(m, len(z)) for ballot in ballots])

        return shock.mean(value, self.doubt.rho, self.weight)

    # by simulation

    @cached_property
    def shocks(self) -> Floats:
        """The shocks of the simulations, evenly spread."""
        return np.asarray(ndtri((np.arange(self.simulations) + 0.5) / self.simulations))

    def _simulated(self, ballots: Sequence[Ballot], package: int) -> Floats:
        if self.signed and self.signing[package] < shock.LEAST:
            return np.full(len(ballots), np.nan)
        one = replace(self, doubt=self.doubt.of([package]))
        weight = one.weight(self.shocks)[0]
        reached = one.known.reached(self.shocks)
        held = [one._held(ballot, reached) for ballot in ballots]
        return np.array([float((weight * h).sum() / weight.sum()) for h in held])

    def _held(self, ballot: Ballot, reached: Floats) -> Floats:
        drawn = self.circumstances(ballot, reached)
        if combinations(ballot) <= MOST_TOGETHER:
            parts = [part for part in walk(ballot) if isinstance(part, Plebiscite)]
            carried = {part.number: polled(part, drawn).carried.astype(float) for part in parts}
            return chance(ballot, reached, [carried[number] for number in sorted(carried)])
        names = [f"simulated {ref}" for ref in self.home.refs]
        uniforms = np.array([stream(self.seed, name, 0, self.simulations) for name in names])
        return holds(ballot, uniforms[:, None, :] < reached, drawn).astype(float)

    def circumstances(self, ballot: Ballot, reached: Floats) -> Circumstances:
        """What is drawn beside the factions: electorates, and who is present."""
        sizes, turnouts = electorate(ballot, self.seed, 0, self.simulations)
        there = {}
        for vote in walk(ballot):
            if isinstance(vote, Vote) and vote.presence:
                names = [f"{vote.name} present {place}" for place in range(len(vote.presence))]
                uniforms = np.array([stream(self.seed, name, 0, self.simulations) for name in names])
                there[vote.name] = uniforms < np.array(vote.presence)[:, None]
        return Circumstances(reached[:, SAYS_YES], there=there, sizes=sizes, turnouts=turnouts)

    def counted(self, ballot: Plebiscite) -> tuple[Counted, Floats]:
        """A popular vote on the one package asked about, simulated, and how much each simulation counts."""
        reached = self.known.reached(self.shocks)
        return polled(ballot, self.circumstances(ballot, reached)), self.weight(self.shocks)[0]


def simulated(ballot: Ballot) -> bool:
    """Whether the chance of a ballot is simulated."""
    return any(isinstance(part, Plebiscite) for part in walk(ballot)) or combinations(ballot) > MOST_TOGETHER
