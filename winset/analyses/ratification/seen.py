"""A home in many draws: what is drawn of it beside the case's sample, and what comes of a package there.

Walk-aways, red lines, weights and scores are drawn as everywhere; beside them what belongs to homes: weights,
bars and presence in votes, seats, sizes and turnouts, the points under which factions walk out or topple, and
the `noise` that is left when everything else is known. A faction's walk-out moves with its walk-away. A group
of voters differs within itself as its walk-away says: in a popular vote its yes share is counted, at the
side's drawn shock. Who signs keeps to it at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from winset.analyses.ground import Ground
from winset.analyses.ratification.asked import electorate, estimates
from winset.analyses.ratification.ballot import SAYS_YES, Vote, walk
from winset.analyses.ratification.decided import Circumstances, holds
from winset.analyses.ratification.home import Home
from winset.case.estimate import Estimate
from winset.space.acceptance import Acceptance
from winset.space.draws import Coordinate, Group, Sample
from winset.space.numbers import QUANTUM
from winset.space.shapes import LEAST, stream

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Verdicts:
    """What comes of a package: the counts of `Tally.sides` and `Tally.factions`, and whether home lets it."""

    counts: list[int]
    factions: list[tuple[int, int]]
    lets: Bools


class Seen:
    """A home in some draws: what is drawn of it beside the sample."""

    def __init__(self, ground: Ground, home: Home, sample: Sample, first: int) -> None:
        self.ground, self.home, self.sample, self.first = ground, home, sample, first
        self.count = len(sample)
        self.party = ground.space.case.parties[home.side]
        self.places = [ground.space.faction(ref) for ref in home.refs]
        self.walk_away = sample.walk_away[:, self.places].T
        self.shock = self._normal(str(Coordinate(Group("shock", home.side))))
        self._draw_floors()
        self._draw_votes()

    def _uniform(self, name: str) -> Floats:
        return stream(self.ground.seed, name, self.first, self.count)

    def _normal(self, name: str) -> Floats:
        found: Floats = ndtri(np.clip(self._uniform(name), LEAST, 1 - LEAST))
        return found

    def _estimates(self, given: Sequence[Estimate], names: Sequence[str]) -> Floats:
        return estimates(given, names, self.ground.seed, self.first, self.count)

    def _draw_floors(self) -> None:
        """The points under which each faction topples, walks out and says no; (factions, 3, n)."""
        self.floors = np.full((len(self.home.refs), 3, self.count), -np.inf)
        self.noise = np.zeros((len(self.home.refs), self.count))
        for f, ref in enumerate(self.home.refs):
            known = self.ground.space.case.preferences[ref]
            if known.noise is not None:
                self.noise[f] = self._estimates([known.noise], [f"noise {ref}"])[0]
            moved = self._moved(f, ref) + self.walk_away[f] - known.walk_away.point
            self.floors[f, 2] = known.walk_away.point + moved
            highest = self.floors[f, 2]
            faction = self.party.factions.get(ref.partition(".")[2])
            given = (faction.topple, faction.walk_out) if faction else (None, None)
            for state, what in ((1, "walk out"), (0, "topple")):
                points = given[state]
                if points is not None:
                    drawn = self._estimates([points], [f"{what} {ref}"])[0] + moved
                    self.floors[f, state] = highest = np.minimum(drawn, highest)
            # Who topples has walked out.
            self.floors[f, 1] = np.maximum(self.floors[f, 1], self.floors[f, 0])

    def _moved(self, f: int, ref: str) -> Floats | float:
        """What the noise adds to a faction's floors; nothing for the signer, who keeps to what it signed."""
        if f == self.home.signing or not self.noise[f].any():
            return 0.0
        rho = self.ground.rho
        leaning = np.sqrt(rho) * self.shock + np.sqrt(1 - rho) * self._normal(f"day of {ref} alone")
        found: Floats = self.noise[f] * leaning
        return found

    def _draw_votes(self) -> None:
        """Weights, bars, presence and electorates of all votes of the home."""
        self.weights: dict[str, Floats] = {}
        self.bars: dict[str, Floats] = {}
        self.there: dict[str, Bools] = {}
        self.sizes, self.turnouts = electorate(self.home.rule, self.ground.seed, self.first, self.count)
        for vote in self._votes():
            if not all(weight.is_point for _, weight in vote.drawn):
                names, given = zip(*vote.drawn, strict=True)
                self.weights[vote.name] = self._estimates(given, names)
            if vote.bar_drawn is not None:
                bar = vote.bar_drawn
                self.bars[vote.name] = self._estimates([bar.needed], [bar.name])[0] - float(bar.less)
            if vote.chances:
                names = tuple(f"{vote.name} {self.home.refs[voice.place]}" for voice in vote.voices)
                chances = self._estimates(vote.chances, [f"{name} chance" for name in names])
                uniforms = np.array([self._uniform(f"{name} present") for name in names])
                self.there[vote.name] = uniforms < chances

    def _votes(self) -> list[Vote]:
        found = [part for part in walk(self.home.rule) if isinstance(part, Vote)]
        return [*found, *(vote for vote in (self.home.keeps, self.home.stays) if vote is not None)]

    def verdicts(self, found: Acceptance, package: int) -> Verdicts:
        """What comes of one package in the draws."""
        reached, drawn = self._reached(found, package)
        signs = found.accepts[:, package, self.places[self.home.signing]]
        lets, kept, stands = (
            holds(ballot, reached, drawn) if ballot is not None else np.ones(self.count, bool)
            for ballot in (self.home.rule, self.home.keeps, self.home.stays)
        )
        counts = [signs, signs & lets, signs & kept, signs & lets & kept, signs & stands, lets]
        factions = [
            (int(reached[f, SAYS_YES].sum()), int((signs & self._turns(f, reached, drawn)).sum()))
            for f in range(len(self.home.refs))
        ]
        return Verdicts([int(held.sum()) for held in counts], factions, lets)

    def _reached(self, found: Acceptance, package: int) -> tuple[Bools, Circumstances]:
        worth = found.worth[:, package, self.places].T
        reached = np.ones((len(self.places), SAYS_YES + 1, self.count), bool)
        for state in range(3):
            floor = self.floors[:, state]
            reached[:, state + 1] = np.rint(worth / QUANTUM) >= np.rint(floor / QUANTUM)
        reached[:, SAYS_YES] &= ~found.crosses[:, package, self.places].T
        shares = self._shares(worth, found.crosses[:, package, self.places].T)
        # The voters of a signer who signs say yes with it.
        shares[self.home.signing][reached[self.home.signing, SAYS_YES]] = 1.0
        drawn = Circumstances(shares, self.weights, self.there, self.sizes, self.turnouts, self.bars)
        return reached, drawn

    def _shares(self, worth: Floats, crossed: Bools) -> Floats:
        """The yes share of each faction as voters; (factions, n).

        Voters differ by the faction's noise about the drawn walk-away, or else by its range about the mode.
        """
        shares = np.zeros(worth.shape)
        root, own = np.sqrt(self.ground.rho), np.sqrt(1 - self.ground.rho)
        for f, ref in enumerate(self.home.refs):
            known = self.ground.space.case.preferences[ref]
            noisy = known.noise is not None
            floor = self.walk_away[f] if noisy else np.full(self.count, known.walk_away.point)
            spread = self.noise[f] if noisy else np.full(self.count, known.walk_away.deviation)
            above = (worth[f] - floor) - spread * root * self.shock
            with np.errstate(divide="ignore", invalid="ignore"):
                sure = np.rint(above / QUANTUM) >= 0
                shares[f] = np.where(spread > 0, ndtr(above / (spread * own)), sure)
        return np.where(crossed, 0.0, shares)

    def _turns(self, place: int, reached: Bools, drawn: Circumstances) -> Bools:
        """Whether the faction's switch alone turns the vote."""
        outcomes = []
        for said in (True, False):
            switched = reached.copy()
            switched[place, SAYS_YES] = said
            outcomes.append(holds(self.home.rule, switched, drawn))
        turned: Bools = outcomes[0] != outcomes[1]
        return turned
