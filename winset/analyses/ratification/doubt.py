"""How likely each faction of a home says yes, walks out or topples, given its side's shock (model.md 6).

f says yes to x with chance Phi((u - r - s sqrt(rho) z) / (s sqrt(1 - rho))), where s is the doubt about its
walk-away r, and where none of its red lines holds: one judged q holds with chance Phi((Phi^-1(q) +
sqrt(rho) z) / sqrt(1 - rho)). The same doubt moves the points under which it walks out or topples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from winset.analyses.ratification.ballot import SAYS_YES
from winset.analyses.ratification.home import Home
from winset.case import conditions
from winset.case.model import Case
from winset.errors import OutOfRange
from winset.space import blocks
from winset.space.build import Space
from winset.space.draws import MAX_RHO, topic
from winset.space.numbers import quantise
from winset.space.worth import Choices, utilities

Floats = NDArray[np.float64]

KEPT = 2**17  # numbers in an answer that is kept


@dataclass(frozen=True, eq=False, slots=True)
class Doubt:
    """What factions of a home make of m packages, but for what is in doubt.

    `worth` (factions, m) in points; `floors` (factions, 3): the points under which each topples, walks out
    and says no, -inf where it never does; `noise` (factions,): the doubt about them, in points; `lines`
    (factions, topics, m): the normal quantile of the chance that a red line on a topic is crossed and holds,
    -inf where none is. `yes` and `no` are places of factions that say so whatever comes; `known` are chances
    that were worked out before.
    """

    rho: float
    worth: Floats
    floors: Floats
    noise: Floats
    lines: Floats
    yes: tuple[int, ...] = ()
    no: tuple[int, ...] = ()
    known: dict[bytes, Floats] = field(default_factory=dict)

    def reached(self, z: Floats) -> Floats:
        """The chance that a faction is at least in a state, for all packages at all shocks, the shocks
        varying fastest; shape (factions, 4, m * shocks)."""
        found = self._free(z)
        if self.yes or self.no:
            found = found.copy()
            found[list(self.yes)] = 1.0
            found[list(self.no), SAYS_YES] = 0.0
        return found

    def says_yes(self, f: int, z: Floats) -> Floats:
        """The chance that one faction says yes; shape (m, shocks)."""
        if f in self.yes or f in self.no:
            return np.full((self.worth.shape[1], len(z)), float(f in self.yes))
        return self._over(f, SAYS_YES, z)

    def _free(self, z: Floats) -> Floats:
        """The same as `reached` with nothing known of any faction. Pivots ask it of one package again and
        again at the same shocks: small answers are kept."""
        key = z.tobytes()
        if key in self.known:
            return self.known[key]
        found = np.ones((len(self.worth), SAYS_YES + 1, self.worth.shape[1], len(z)))
        for f in range(len(self.worth)):
            for state in range(1, SAYS_YES + 1):
                found[f, state] = self._over(f, state, z)
        flat = found.reshape(len(self.worth), SAYS_YES + 1, -1)
        if flat.size <= KEPT:
            flat.flags.writeable = False
            self.known[key] = flat
        return flat

    def _over(self, f: int, state: int, z: Floats) -> Floats:
        """The chance that a faction is at least in a state above the lowest; shape (m, shocks)."""
        own, common = np.sqrt(1 - self.rho), np.sqrt(self.rho) * z
        found: Floats = np.ones((self.worth.shape[1], len(z)))
        found *= _above(self.worth[f] - self.floors[f, state - 1], self.noise[f], common, own)
        return found * self._uncrossed(f, common, own) if state == SAYS_YES else found

    def _uncrossed(self, f: int, common: Floats, own: float) -> Floats:
        """The chance that none of a faction's red lines holds; shape (m, shocks)."""
        free: Floats = np.ones((self.worth.shape[1], len(common)))
        for line in self.lines[f]:
            crossed = np.flatnonzero(line > -np.inf)
            free[crossed] *= ndtr(-(line[crossed, None] + common) / own)
        return free

    def paid(self, points: Floats) -> Doubt:
        """The same with so many points more for each faction; (factions, m)."""
        return replace(self, worth=self.worth + points, known={})

    def of(self, packages: Sequence[int] | NDArray[np.int64]) -> Doubt:
        """The same about some of the packages, in this order."""
        at = np.asarray(packages)
        return replace(self, worth=self.worth[:, at], lines=self.lines[:, :, at], known={})

    def given(self, yes: tuple[int, ...], no: tuple[int, ...] = ()) -> Doubt:
        """The same where it is known of these factions what they say."""
        return replace(self, yes=yes, no=no)


def _above(above: Floats, noise: float, common: Floats, own: float) -> Floats | float:
    """The chance that a faction with so many points above a floor is not below it; shape (m, shocks)."""
    if (above == np.inf).all():
        return 1.0
    if noise == 0:
        return (quantise(np.clip(above, -1e6, 1e6)) >= 0).astype(float)[:, None]
    found: Floats = ndtr((above[:, None] / noise - common) / own)
    return found


def doubt(space: Space, home: Home, choices: Choices, rho: float) -> Doubt:
    """What a home's factions make of packages by option numbers, shape (m, issues), in point mode.

    Raises OutOfRange for a `rho` outside 0 to 0.99.
    """
    if not 0 <= rho <= MAX_RHO:
        raise OutOfRange("rho", rho, 0, MAX_RHO)
    places = [space.faction(ref) for ref in home.refs]
    return Doubt(
        rho,
        utilities(space, choices)[places],
        np.array([_floors(space.case, ref) for ref in home.refs]).reshape(-1, 3),
        np.array([_noise(space.case, ref) for ref in home.refs]),
        _lines(space, home, choices),
    )


def _noise(case: Case, ref: str) -> float:
    """The doubt about a faction in points: its `noise`, else the deviation of its walk-away."""
    known = case.preferences[ref]
    return known.walk_away.deviation if known.noise is None else known.noise.point


def _floors(case: Case, ref: str) -> tuple[float, float, float]:
    """The points under which a faction topples, walks out and says no, at the mode."""
    side, _, name = ref.partition(".")
    faction = case.parties[side].factions[name] if name else None
    given = (faction.topple, faction.walk_out) if faction else (None, None)
    topple, walk_out = (-np.inf if points is None else points.point for points in given)
    return topple, max(walk_out, topple), case.preferences[ref].walk_away.point


def _lines(space: Space, home: Home, choices: Choices) -> Floats:
    options = dict(zip(space.issues, space.options, strict=True))
    found: list[dict[str, Floats]] = []
    for ref in home.refs:
        by_topic: dict[str, Floats] = {}
        for key, judged in space.case.preferences[ref].red_lines.items():
            crossed = blocks.mask(conditions.red_line(key), choices, space.issues, options)
            chance = np.where(crossed, judged.point, 0.0)
            by_topic[topic(key)] = np.maximum(by_topic.get(topic(key), 0.0), chance)
        found.append(by_topic)
    topics = max((len(by_topic) for by_topic in found), default=0)
    lines = np.zeros((len(home.refs), topics, len(choices)))
    for f, by_topic in enumerate(found):
        for t, chances in enumerate(by_topic.values()):
            lines[f, t] = chances
    quantiles: Floats = ndtri(lines)
    return quantiles
