"""Homes over draws, one draw and one package at a time: slow, obvious, in plain numbers.

The numbers of the case in a draw are those of `Inputs`; what belongs to homes is drawn beside them, each from
the stream of its name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats

from tests.twins.agreement import Data, Package, Twin, core, holds, point, quantise, rule_holds
from tests.twins.draws import distribution, varies
from tests.twins.ratification import LADDER, SAYS_NO, SAYS_YES, TOPPLES, WALKS_OUT, carries
from tests.twins.uncertainty import settled
from winset.space.build import Space
from winset.space.draws import Inputs, Sample
from winset.space.shapes import stream


class HomeDraw:
    """A side's home in one draw, before one package."""

    def __init__(
        self, data: Data, drawn: Data, side: str, package: Package, seed: int, draw: int, rho: float
    ) -> None:
        self.data, self.side, self.package, self.rho = core(data), side, package, rho
        self.seed, self.draw = seed, draw
        self.twin = Twin(drawn, judge=False)
        self.party: Data = data["parties"][side]
        self.refs = [ref for ref in self.twin.refs(side) if ref in data["preferences"]]
        self.signer = self.twin.signer(side)
        self.signs = self.twin.accepts(self.signer, package)

    # what is drawn

    def uniform(self, name: str) -> float:
        return float(np.clip(stream(self.seed, name, self.draw, 1)[0], 2**-53, 1 - 2**-53))

    def normal(self, name: str) -> float:
        return float(stats.norm.ppf(self.uniform(name)))

    def number(self, estimate: Any, name: str) -> float:
        return (
            float(distribution(estimate).ppf(self.uniform(name)))
            if varies(estimate)
            else float(point(estimate))
        )

    def name(self, ref: str) -> str:
        return ref.partition(".")[2] or ref

    def ref(self, name: str) -> str:
        return f"{self.side}.{name}" if self.party.get("factions") else self.side

    # what each does

    def walk_away(self, ref: str) -> float:
        return float(self.twin.walk_away(ref))

    def noise(self, ref: str) -> float:
        return self.number(self.data["preferences"][ref].get("noise", 0), f"noise {ref}")

    def mood(self, ref: str) -> float:
        """What the noise adds to what a faction asks for; who signs keeps to it."""
        if ref == self.signer:
            return 0.0
        common, own = self.normal(f"shock {self.side}"), self.normal(f"day of {ref} alone")
        return self.noise(ref) * (self.rho**0.5 * common + (1 - self.rho) ** 0.5 * own)

    def crossed(self, ref: str) -> bool:
        lines = self.twin.preferences[ref]["red_lines"]
        return any(held and holds(key.replace(".", " == "), self.package) for key, held in lines.items())

    def reaches(self, ref: str, floor: float) -> bool:
        return quantise(float(self.twin.utility(ref, self.package))) >= quantise(floor)

    @cached_property
    def does(self) -> dict[str, str]:
        """The state of every faction. Where it walks out moves with its walk-away."""
        return {ref: self._does(ref) for ref in self.refs}

    def _does(self, ref: str) -> str:
        faction = self.party.get("factions", {}).get(self.name(ref), {})
        asks = self.walk_away(ref) + self.mood(ref)
        moved = asks - float(point(self.data["preferences"][ref]["walk_away"]))
        leaves = asks
        if "walk_out" in faction:
            leaves = min(leaves, self.number(faction["walk_out"], f"walk out {ref}") + moved)
        if "topple" in faction and not self.reaches(
            ref, min(leaves, self.number(faction["topple"], f"topple {ref}") + moved)
        ):
            return TOPPLES
        if "walk_out" in faction and not self.reaches(ref, leaves):
            return WALKS_OUT
        return SAYS_YES if self.reaches(ref, asks) and not self.crossed(ref) else SAYS_NO

    def share(self, ref: str) -> float:
        """The yes share of a faction's voters: they differ by its noise, or else as its walk-away says."""
        if self.crossed(ref):
            return 0.0
        if ref == self.signer and self.signs:
            return 1.0  # its voters are known to say yes, as it does
        wants = self.data["preferences"][ref]
        if "noise" in wants:
            middle, spread, shock = self.walk_away(ref), self.noise(ref), self.normal(f"shock {self.side}")
        else:
            spread = float(distribution(wants["walk_away"]).std()) if varies(wants["walk_away"]) else 0.0
            middle, shock = float(point(wants["walk_away"])), self.normal(f"shock {self.side}")
        if spread == 0:
            return float(self.reaches(ref, middle))
        above = float(self.twin.utility(ref, self.package)) - middle
        return float(
            stats.norm.cdf((above - spread * self.rho**0.5 * shock) / (spread * (1 - self.rho) ** 0.5))
        )

    # what comes of it

    @cached_property
    def rule(self) -> Data:
        """The rule with this draw's weights, those who are there, and its popular votes counted."""
        return self._rule(self.party.get("ratification", {"all_of": []}), ("ratification",), refusing=False)

    def _rule(self, rule: Data, path: tuple[Any, ...], *, refusing: bool) -> Data:
        name = ".".join(map(str, ("parties", self.side, *path)))
        if "quota" in rule:
            return {"quota": {**rule["quota"], **self._voters(rule["quota"], name)}}
        if "referendum" in rule:
            return {
                "at_least": 0 if self._carries(rule["referendum"], name, refusing=refusing) else 1,
                "of": [],
            }
        if "not_blocked_by" in rule:
            inner = self._rule(rule["not_blocked_by"], (*path, "not_blocked_by"), refusing=not refusing)
            return {"not_blocked_by": inner}
        return {
            key: [self._rule(part, (*path, key, n), refusing=refusing) for n, part in enumerate(value)]
            if isinstance(value, list)
            else value
            for key, value in rule.items()
        }

    def _voters(self, terms: Data, vote: str) -> Data:
        if "weights" in terms:
            weights = {n: self.number(w, f"weight {vote}.{n}") for n, w in terms["weights"].items()}
        else:
            factions = self.party.get("factions") or {self.side: {}}
            weights = {
                n: self.number(f.get("weight", 1), f"weight {self.ref(n)}") for n, f in factions.items()
            }
        there = {}
        for name, chance in terms.get("present", {}).items():
            who = f"{vote} {self.ref(name)}"
            there[name] = int(
                stream(self.seed, f"{who} present", self.draw, 1)[0] < self.number(chance, f"{who} chance")
            )
        bar = {"at_least": self.number(terms["at_least"], f"bar {vote}")} if "at_least" in terms else {}
        return {"weights": weights, "present": there, **bar}

    def _carries(self, terms: Data, vote: str, *, refusing: bool) -> bool:
        yes = np.array([[self.share(self.ref(group["faction"]))] for group in terms["groups"]])
        sizes, turnouts = (
            np.array([[self.number(g.get(k, 1), f"{vote} {k} {n}")] for n, g in enumerate(terms["groups"])])
            for k in ("size", "turnout")
        )
        return bool(carries(terms, 1 - yes if refusing else yes, sizes, turnouts)[0])

    def lets(self, does: Mapping[str, str] | None = None) -> bool:
        """Whether home lets it, in this draw or with some switched."""
        yes = {self.name(ref): state == SAYS_YES for ref, state in (does or self.does).items()}
        return rule_holds(self.rule, yes, {})

    def turns(self, ref: str) -> bool:
        """Whether its switch alone turns the vote."""
        return self.lets({**self.does, ref: SAYS_YES}) != self.lets({**self.does, ref: SAYS_NO})

    def keeps(self, least: str) -> bool:
        """Whether those who are at least so far, and the net where it says yes, are enough."""
        survival, seats = self.party["survival"], Fraction(0)
        for key, asked in (("seats", least), ("safety_net", SAYS_YES)):
            for name, number in survival.get(key, {}).items():
                ref = self.ref(name)
                if ref not in self.refs:
                    seats += point(number)
                elif LADDER.index(self.does[ref]) >= LADDER.index(asked):
                    seats += Fraction(str(self.number(number, f"seats {ref}")))
        return quantise(seats) >= quantise(self.number(survival["majority"], f"majority {self.side}"))


class Draws:
    """All draws of a case."""

    def __init__(self, data: Data, space: Space, rho: float, seed: int, n: int) -> None:
        inputs = Inputs(space, rho)
        sample: Sample = inputs.sample(inputs.uniforms(seed, 0, n))
        self.data, self.rho, self.seed = data, rho, seed
        self.drawn = [settled(data, space, sample, k) for k in range(n)]

    def homes(self, side: str, package: Package) -> Iterator[HomeDraw]:
        """A side's home in every draw."""
        for k, drawn in enumerate(self.drawn):
            yield HomeDraw(self.data, drawn, side, package, self.seed, k, self.rho)

    def counted(self, side: str, package: Package) -> dict[str, int]:
        """In how many draws what holds of a home; of all but the first and last when it signs, too."""
        found = dict.fromkeys(("signs", "ratifies", "kept", "both", "stands", "rule_alone"), 0)
        for home in self.homes(side, package):
            governed = "survival" in home.party
            lets, kept = home.lets(), not governed or home.keeps(SAYS_NO)
            stands = not governed or home.keeps(WALKS_OUT)
            for key, held in (
                ("ratifies", lets),
                ("kept", kept),
                ("both", lets and kept),
                ("stands", stands),
            ):
                found[key] += home.signs and held
            found["signs"] += home.signs
            found["rule_alone"] += lets
        return found

    def together(self, package: Package, must: list[str]) -> tuple[int, int]:
        """In how many draws all sign whom the table cannot do without, whose homes must ratify or whose gains count,
        and all homes let it too."""
        signed = ratified = 0
        for k, drawn in enumerate(self.drawn):
            twin = Twin(drawn, judge=False)
            everybody = dict.fromkeys(twin.everybody(), True)
            needed = [side for side in twin.sides() if not twin.table_holds({**everybody, side: False})]
            signers = {twin.signer(side) for side in (*needed, *twin.counted(), *must)}
            if all(twin.accepts(ref, package) for ref in signers):
                homes = [HomeDraw(self.data, drawn, s, package, self.seed, k, self.rho) for s in must]
                signed, ratified = signed + 1, ratified + all(home.lets() for home in homes)
        return signed, ratified


def same(found: float, count: int, of: int) -> bool:
    """Whether a share is that of a count."""
    return math.isclose(found, count / of, abs_tol=1e-6)
