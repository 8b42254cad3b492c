"""What many draws come to, each draw settled into a case without doubt and counted out: slow and obvious.

The numbers of a draw are those of `Inputs`; everything that follows from them is brute force over packages.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

from tests.twins.agreement import Data, Package, core, issues_in, quantise
from tests.twins.sticking import Sticking
from winset.space.build import Space
from winset.space.draws import Inputs, Sample

LARGEST = 4  # factions in a set that says no
Names = frozenset[str]


def wilson(count: int, draws: int) -> tuple[float, float]:
    """The interval of Wilson (1927) as its own equation states it: where |share - p| = z sqrt(p (1 - p) / n)."""
    z, share = 1.959963984540054, count / draws
    a, b, c = 1 + z * z / draws, -(2 * share + z * z / draws), share * share
    root = math.sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def settled(data: Data, space: Space, sample: Sample, draw: int) -> Data:
    """The case of the space with the numbers of one draw in place of all doubt."""
    case = core(data) if set(space.issues) != set(data["issues"]) else data
    preferences = {}
    for f, ref in enumerate(space.factions):
        given = case["preferences"][ref]
        preferences[ref] = {
            **given,
            "walk_away": float(sample.walk_away[draw, f]),
            "weights": {i: float(sample.weights[draw, f, n]) for n, i in enumerate(space.issues)},
            "scores": {
                i: {o: float(sample.scores[n][draw, f, k]) for k, o in enumerate(space.options[n])}
                for n, i in enumerate(space.issues)
            },
            "red_lines": {
                key: int(sample.lines[f][draw, k]) for k, key in enumerate(given.get("red_lines", {}))
            },
        }
    joint = [{**term, "add": float(sample.joint[draw, j])} for j, term in enumerate(case.get("joint", []))]
    parties = {
        side: {**party, "power": float(sample.power[side][draw])} for side, party in case["parties"].items()
    }
    return {**case, "preferences": preferences, "joint": joint, "parties": parties}


def without(data: Data, issue: str) -> Data:
    """The case with an issue out of everybody's acceptance: best option everywhere, no red line on it."""
    preferences = {}
    for ref, given in data["preferences"].items():
        best = max(given["scores"][issue].values())
        lines = {
            key: held
            for key, held in given["red_lines"].items()
            if issue not in issues_in(key.replace(".", " == "), data["issues"])
        }
        scores = {**given["scores"], issue: dict.fromkeys(given["scores"][issue], best)}
        preferences[ref] = {**given, "scores": scores, "red_lines": lines}
    return {**data, "preferences": preferences}


class Settled(Sticking):
    """One draw, gone through package by package."""

    def __init__(self, data: Data) -> None:
        super().__init__(data)
        self.data = data
        self.zone = bool(self.twin.zone)
        self._zone = {self.twin.key(x) for x in self.twin.zone}

    def accepting(self, package: Package) -> set[str]:
        """As the twin has judged it; a forbidden package is judged when it is asked about."""
        judged = self.twin.judged.get(self.twin.key(package)) or self.twin.judge(package)
        return {ref for ref, yes in judged.accepting.items() if yes}

    def inside(self, package: Package) -> bool:
        """Whether it is a package of the zone."""
        return self.twin.key(package) in self._zone

    def ways(self, package: Mapping[str, str]) -> list[Package]:
        """The packages that a text stands for; a complete one stands for itself, forbidden or not."""
        if set(package) == set(self.twin.issues):
            return [dict(package)]
        return self.twin.completions(dict(package))

    def passes(self, package: Mapping[str, str]) -> bool:
        """Whether some way to complete it is a package of the zone."""
        return any(self.inside(x) for x in self.ways(package))

    def accepts(self, package: Mapping[str, str]) -> set[str]:
        """The factions that accept some way to complete it."""
        return {ref for x in self.ways(package) for ref in self.accepting(x)}

    def product(self, package: Package) -> float:
        """The product of the gains of those who count, each to its power; 0 where one gains nothing."""
        gains = self.twin.gains(package)
        found = 1.0
        for gain, side in zip(gains, self.twin.counted(), strict=True):
            power = float(self.twin.power(side))
            if power > 0:
                found *= float(gain) ** power if quantise(gain) > 0 else 0.0
        return found

    def nash(self) -> list[Package]:
        """All packages with the largest product; none without a zone."""
        found = self.twin.nash()
        return [] if found is None else found.packages

    def relieved(self, issue: str) -> bool:
        """Whether there is a zone without the issue."""
        return Settled(without(self.data, issue)).zone

    def says_no(self, package: Mapping[str, str]) -> set[Names]:
        """The smallest sets of up to four who refuse and by that alone stop it; an empty one if none do."""
        refusing = sorted(set(self.factions) - self.accepts(package))
        found: list[Names] = []
        for size in range(1, LARGEST + 1):
            for chosen in map(frozenset, combinations(refusing, size)):
                stops = not self.carries(set(self.factions) - chosen)
                if stops and not any(known <= chosen for known in found):
                    found.append(chosen)
        return set(found) or {frozenset()}

    def changed(self, package: Mapping[str, str], change: Mapping[str, str]) -> bool:
        """Whether some way to complete the text passes once it is changed so."""
        return self.passes({**package, **change})


@dataclass
class Draws:
    """All draws of a case, counted."""

    data: Data
    space: Space
    rho: float
    seed: int
    n: int
    worlds: list[Settled] = field(init=False)

    def __post_init__(self) -> None:
        inputs = Inputs(self.space, self.rho)
        sample = inputs.sample(inputs.uniforms(self.seed, 0, self.n))
        self.worlds = [Settled(settled(self.data, self.space, sample, k)) for k in range(self.n)]

    @cached_property
    def zones(self) -> int:
        return sum(world.zone for world in self.worlds)

    def options(self, issue: str) -> dict[str, tuple[int, int]]:
        """In how many draws every, and in how many some, of the Nash packages that tie has each option."""
        chosen = [{x[issue] for x in world.nash()} for world in self.worlds]
        return {
            option: (chosen.count({option}), sum(option in options for options in chosen))
            for option in self.worlds[0].twin.issues[issue]
        }

    def passes(self, package: Mapping[str, str]) -> int:
        return sum(world.passes(package) for world in self.worlds)

    def accepts(self, package: Mapping[str, str]) -> Counter[str]:
        return Counter(ref for world in self.worlds for ref in world.accepts(package))

    def ranks(self, packages: Iterable[Package]) -> Iterator[list[int]]:
        """Of each package, in how many draws it is first, second and so on among those that pass."""
        listed, found = list(packages), []
        for world in self.worlds:
            products = {k: world.product(x) for k, x in enumerate(listed) if world.passes(x)}
            found.append(
                {k: sum(p > mine * (1 + 1e-10) for p in products.values()) for k, mine in products.items()}
            )
        for k in range(len(listed)):
            ranks = [one.get(k) for one in found]
            yield [ranks.count(rank) for rank in range(len(listed))]

    def relief(self, issue: str) -> tuple[int, int]:
        """In how many draws there is a zone only without the issue, and only with it."""
        pairs = [(world.zone, world.relieved(issue)) for world in self.worlds]
        return pairs.count((False, True)), pairs.count((True, False))

    def blocking(self) -> Counter[Names]:
        return Counter(chosen for world in self.worlds if not world.zone for chosen in world.blockers())

    def says_no(self, package: Mapping[str, str]) -> Counter[Names]:
        worlds = [world for world in self.worlds if not world.passes(package)]
        return Counter(chosen for world in worlds for chosen in world.says_no(package))

    def change(self, package: Mapping[str, str], change: Mapping[str, str]) -> tuple[int, int]:
        """In how many draws it passes only after the change, and only before it."""
        pairs = [(world.passes(package), world.changed(package, change)) for world in self.worlds]
        return pairs.count((False, True)), pairs.count((True, False))

    def changes(self, package: Mapping[str, str], most: int) -> Iterator[dict[str, str]]:
        """All changes of up to so many of the issues that the text settles."""
        issues = self.worlds[0].twin.issues
        ones = [(i, o) for i, now in package.items() for o in issues[i] if o != now]
        for size in range(1, most + 1):
            for chosen in combinations(ones, size):
                if len({i for i, _ in chosen}) == size:
                    yield dict(chosen)


def shown(moves: Iterable[Any]) -> dict[tuple[tuple[str, str], ...], float]:
    """Moves of a result by what they change, with how much more often all accept."""
    return {tuple((i, new) for i, (_, new) in move.changes.items()): move.all.change for move in moves}
