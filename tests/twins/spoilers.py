"""Spoilers counted out package by package and draw by draw: slow, obvious, from what the format says of them.

The numbers of a draw are those of `Inputs`; greed and capability are drawn here, from scipy's distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.twins.agreement import Data, Package, Twin, exact, holds, issues_in, point, quantise
from tests.twins.draws import bounds, distribution, varies
from tests.twins.uncertainty import settled
from winset.space.build import Space
from winset.space.draws import Inputs
from winset.space.shapes import stream


def in_play(data: Data, *, extended: bool = False) -> Data:
    """The spoilers that can be asked: without triggers on issues out of play, and those whom these leave mute."""
    out = {name for name, issue in data["issues"].items() if issue.get("tier") == "extended"}
    found = {}
    for name, given in data.get("spoilers", {}).items():
        kept = dict(given)
        if not extended and "trigger" in kept and issues_in(kept["trigger"], out):
            del kept["trigger"]
        if kept["type"] == "total" or "faction" in kept or "trigger" in kept:
            found[name] = kept
    return found


def low(estimate: Any) -> Fraction:
    return exact(bounds(estimate)[0])


def high(estimate: Any) -> Fraction:
    return exact(bounds(estimate)[2])


class Spoilers:
    """The spoilers of a case without draws."""

    def __init__(self, data: Data, *, extended: bool = False) -> None:
        self.twin = Twin(data, extended=extended, judge=False)
        self.spoilers = in_play(data, extended=extended)

    def short(self, name: str, package: Package) -> Fraction:
        """Points missing to what its faction holds out for."""
        given = self.spoilers[name]
        if "faction" not in given:
            return Fraction(0)
        wanted = self.twin.walk_away(given["faction"]) + point(given.get("greed", 0))
        return max(Fraction(0), wanted - self.twin.utility(given["faction"], package))

    def crossed(self, name: str, package: Package) -> list[str]:
        """The red lines of its faction that the package crosses."""
        given = self.spoilers[name]
        if "faction" not in given:
            return []
        lines = self.twin.red_lines(given["faction"])
        return [key for key, condition in lines.items() if holds(condition, package)]

    def triggered(self, name: str, package: Package) -> bool:
        given = self.spoilers[name]
        return "trigger" in given and holds(given["trigger"], package)

    def opposes(self, name: str, package: Package) -> bool:
        """A total one always; others by their trigger; a limited one what its faction refuses, a greedy one
        also what is worth less than it holds out for."""
        given = self.spoilers[name]
        if given["type"] == "total" or self.triggered(name, package):
            return True
        if "faction" not in given:
            return False
        if given["type"] == "limited":
            return not self.twin.accepts(given["faction"], package)
        wanted = self.twin.walk_away(given["faction"]) + point(given.get("greed", 0))
        worth = quantise(self.twin.utility(given["faction"], package))
        return bool(self.crossed(name, package)) or worth < quantise(wanted)

    def opposing(self, package: Package) -> set[str]:
        return {name for name in self.spoilers if self.opposes(name, package)}

    def acceptable(self, package: Package) -> bool:
        return self.twin.judge(package).in_zone

    def turns(self, name: str, package: Package) -> Iterator[tuple[str, str, bool, set[str]]]:
        """Changes of one issue after which it does not oppose: issue, option, acceptable, who only then does."""
        for issue, options in self.twin.issues.items():
            for option in options:
                changed = {**package, issue: option}
                allowed = option != package[issue] and not self.twin.forbidden(changed)
                if allowed and not self.opposes(name, changed):
                    roused = self.opposing(changed) - self.opposing(package)
                    yield issue, option, self.acceptable(changed), roused

    def survival(
        self, package: Package, without: str | None = None, of: Callable[[Any], Fraction] = point
    ) -> Fraction:
        """The product, over those who oppose, of 1 less the chance to wreck it."""
        left = Fraction(1)
        for name, given in self.spoilers.items():
            if name != without and self.opposes(name, package):
                left *= 1 - of(given["capability"])
        return left


@dataclass
class Draws:
    """All draws of a case, one world after another."""

    data: Data
    space: Space
    rho: float
    seed: int
    n: int
    worlds: list[Spoilers] = field(init=False)

    def __post_init__(self) -> None:
        inputs = Inputs(self.space, self.rho)
        sample = inputs.sample(inputs.uniforms(self.seed, 0, self.n))
        self.worlds = [
            Spoilers(
                {**settled(self.data, self.space, sample, k), "spoilers": self._settled(k)}, extended=True
            )
            for k in range(self.n)
        ]

    def _settled(self, draw: int) -> Data:
        """The spoilers in play with the numbers of one draw."""
        found = {}
        for name, given in in_play(self.data).items():
            found[name] = dict(given)
            for what in ("greed", "capability"):
                if what in given and varies(given[what]):
                    uniform = stream(self.seed, f"spoiler {what} {name}", draw, 1)[0]
                    found[name][what] = float(distribution(given[what]).ppf(uniform))
        return found

    def opposes(self, name: str, package: Package) -> int:
        return sum(world.opposes(name, package) for world in self.worlds)

    def survival(self, package: Package, without: str | None = None) -> tuple[float, float, float]:
        """The mean over draws, and what a tenth of the draws lie below and above."""
        values = sorted(float(world.survival(package, without)) for world in self.worlds)
        return sum(values) / self.n, at(values, 0.1), at(values, 0.9)


def at(ordered: list[float], share: float) -> float:
    """The value that a share of an ordered list lies below, on a line between its neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
