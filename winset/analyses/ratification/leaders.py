"""What leaders choose who know that home may refuse: the largest product of expected gains (Putnam 1988, Iida
1993).

A leader expects of a package its gain over the walk-away times the chance that all homes ratify it. Packages
are weighed by falling product of gains, which no ratification can raise, until none left can be better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification.answers import Leaders
from winset.analyses.ratification.asked import Asked, simulated
from winset.analyses.ratification.doubt import doubt
from winset.analyses.ratification.home import Home
from winset.case import table
from winset.space.build import Space
from winset.space.numbers import points, quantise
from winset.space.worth import Choices, utilities

Floats = NDArray[np.float64]

AT_ONCE = 500
MOST_WEIGHED = 50_000
SIMULATED_AT_ONCE = 20
MOST_SIMULATED = 300
SIMULATIONS = 2**11


@dataclass(frozen=True)
class Scene:
    """Whose homes must ratify, whose gains count, and how far a side hangs together."""

    space: Space
    homes: tuple[Home, ...]
    rho: float
    seed: int

    def ratified(self, choices: Choices, simulations: int | None = None) -> Floats:
        """The chance that all homes ratify what is signed; shape (packages,), nan where one never signs."""
        found: Floats = np.ones(len(choices))
        for home in self.homes:
            if not home.ruled:
                continue
            asked = Asked(home, doubt(self.space, home, choices, self.rho), seed=self.seed)
            if simulations is not None:
                asked = Asked(home, asked.doubt, seed=self.seed, simulations=simulations)
            found = found * asked.chances([home.rule])[0]
        return found

    @property
    def simulated(self) -> bool:
        """Whether the chance of some home is simulated."""
        return any(simulated(home.rule) for home in self.homes)


def leaders(scene: Scene, signable: Choices, signers: Mapping[str, str], *, every: bool) -> Leaders | None:
    """The leaders' choice among packages that all sign, by option numbers; None where no such package gives
    everybody whose gains count something above the walk-away, or none has a chance at home.

    `signers` are the counted parties with who signs for them; `every` says whether these are all packages
    that all sign.
    """
    gains, logs, power = _gains(scene.space, signers, signable)
    if not len(signable) or logs.max() == -np.inf:
        return None
    order = np.argsort(-logs, kind="stable")
    size, most = (SIMULATED_AT_ONCE, MOST_SIMULATED) if scene.simulated else (AT_ONCE, MOST_WEIGHED)
    best, place, weighed = -np.inf, int(order[0]), 0
    while weighed < min(len(order), most) and (weighed == 0 or logs[order[weighed]] > best + 1e-9):
        at = order[weighed : weighed + size]
        value = logs[at] + power * _logs(
            scene.ratified(signable[at], SIMULATIONS if scene.simulated else None)
        )
        top = int(np.argmax(value))
        if value[top] > best + 1e-9:
            best, place = float(value[top]), int(at[top])
        weighed += len(at)
    if best == -np.inf:
        return None
    proven = every and not scene.simulated and (weighed == len(order) or logs[order[weighed]] <= best + 1e-9)
    return _answer(scene, signable[place], dict(zip(signers, gains[place], strict=True)), proven=bool(proven))


def _gains(space: Space, signers: Mapping[str, str], choices: Choices) -> tuple[Floats, Floats, float]:
    """Gains (packages, parties), the logs of their weighted products, and what the powers come to."""
    places = [space.faction(ref) for ref in signers.values()]
    gains = (utilities(space, choices)[places] - space.walk_away[places][:, None]).T
    power = np.array([table.power_of(space.case, side) for side in signers])
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(power > 0, power * np.log(np.where(quantise(gains) > 0, gains, 0.0)), 0.0)
    return gains, each.sum(axis=1), float(power.sum())


def _logs(chances: Floats) -> Floats:
    found: Floats = np.full(len(chances), -np.inf)
    possible = chances > 0
    found[possible] = np.log(chances[possible])
    return found


def _answer(scene: Scene, chosen: Choices, gains: Mapping[str, float], *, proven: bool) -> Leaders:
    space = scene.space
    ratified = float(scene.ratified(chosen[None])[0])
    power = {side: table.power_of(space.case, side) for side in gains}
    product = float(np.prod([(ratified * max(gain, 0.0)) ** power[side] for side, gain in gains.items()]))
    return Leaders(
        package=space.named(chosen),
        gains={side: points(quantise(np.array(gain))) for side, gain in gains.items()},
        product=float(f"{product:.6g}"),
        ratified=round(ratified, 6),
        defection=round(1.0 - ratified, 6),
        proven=proven,
    )
