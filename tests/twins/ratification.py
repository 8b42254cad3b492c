"""Would home ratify it, counted out: slow, obvious, written from model.md 6 alone, over a case's plain data.

A chance is a sum over everything that may happen once the side's shock is known; a mean over the shock, a
standard normal, is taken by 20,000 small steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

import numpy as np
from scipy import stats

from tests.twins.agreement import Data, Package, Twin, holds, point, quantise, rule_holds
from tests.twins.draws import SINGLE, distribution, varies

NODES = 20_000
LADDER = ("topples", "walks out", "says no", "says yes")  # each better for the agreement than the one before
TOPPLES, WALKS_OUT, SAYS_NO, SAYS_YES = LADDER
TOO_SELDOM = 1e-6  # who signs less often is not asked what follows

Path = tuple[Any, ...]
World = Mapping[Any, Any]
Likely = Mapping[Any, Mapping[Any, Any]]
SHOCKS: Any = -9 + 18 * (np.arange(NODES) + 0.5) / NODES
DENSITY: Any = stats.norm.pdf(SHOCKS) * 18 / NODES


def chance_of(event: Callable[[World], bool], likely: Likely) -> Any:
    """The chance of an event, by going through everything: `likely` has the chances of what each may do."""
    total: Any = 0.0
    for done in product(*likely.values()):
        if event(dict(zip(likely, done, strict=True))):
            total = total + math.prod(
                chances[what] for chances, what in zip(likely.values(), done, strict=True)
            )
    return total


def walk(rule: Data, path: Path = (), *, refusing: bool = False) -> Iterator[tuple[Path, Data, bool]]:
    """The votes in a rule, each with its path and whether it counts refusals."""
    for key in ("all_of", "any_of", "of"):
        for place, part in enumerate(rule.get(key, [])):
            yield from walk(part, (*path, key, place), refusing=refusing)
    if "not_blocked_by" in rule:
        yield from walk(rule["not_blocked_by"], (*path, "not_blocked_by"), refusing=not refusing)
    if "quota" in rule or "referendum" in rule:
        yield path, rule, refusing


def seated(rule: Data, world: World, path: Path = ()) -> Data:
    """The rule once it is known who is there and which popular votes carry."""
    if "quota" in rule:
        there = {name: int(world[path, name]) for name in rule["quota"].get("present", {})}
        return {"quota": {**rule["quota"], "present": there}}
    if "referendum" in rule:
        return {"at_least": 0 if world[path] else 1, "of": []}
    if "not_blocked_by" in rule:
        return {"not_blocked_by": seated(rule["not_blocked_by"], world, (*path, "not_blocked_by"))}
    return {
        key: [seated(part, world, (*path, key, place)) for place, part in enumerate(value)]
        if isinstance(value, list)
        else value
        for key, value in rule.items()
    }


def lets(rule: Data, yes: dict[str, bool], weights: dict[str, Fraction], world: World) -> bool:
    """Whether the rule holds."""
    return rule_holds(seated(rule, world), yes, weights)


def seats_taken(rule: Data) -> dict[Any, dict[bool, float]]:
    """By body and member, the chances of being there and of staying away."""
    return {
        (path, name): {True: float(point(q)), False: 1 - float(point(q))}
        for path, part, _ in walk(rule)
        for name, q in part.get("quota", {}).get("present", {}).items()
    }


def given_yes(rule: Data, likely_yes: Mapping[str, Any], weights: dict[str, Fraction]) -> Any:
    """The chance of a rule given each member's own chance of a yes."""
    voters = {name: {True: p, False: 1 - p} for name, p in likely_yes.items()}

    def event(world: World) -> bool:
        return lets(rule, {name: world[name] for name in likely_yes}, weights, world)

    return chance_of(event, {**voters, **seats_taken(rule)})


def mean(value: Any, weight: Any) -> float:
    """The mean over the shock, each counting so much; nan where they hardly count."""
    share = weight * DENSITY
    return float((value * share).sum() / share.sum()) if share.sum() >= TOO_SELDOM else math.nan


def carries(terms: Data, shares: Any, sizes: Any, turnouts: Any) -> Any:
    """Whether a popular vote carries; a row a group, the shares being of those who are counted."""
    cast, threshold = sizes * turnouts, float(Fraction(str(terms["threshold"])))
    for_it, votes, voters = (shares * cast).sum(axis=0), cast.sum(axis=0), sizes.sum(axis=0)
    carried = for_it > threshold * votes
    carried &= votes >= float(Fraction(str(terms.get("turnout_quorum", 0)))) * voters
    carried &= for_it >= float(Fraction(str(terms.get("approval_quorum", 0)))) * voters
    return carried & (shares > threshold).all(axis=0) if terms.get("each_group") else carried


@dataclass
class Home:
    """A side's home before one package."""

    data: Data
    side: str
    package: Package
    rho: float

    def __post_init__(self) -> None:
        self.twin = Twin(self.data, judge=False)
        self.party: Data = self.data["parties"][self.side]
        self.refs = [ref for ref in self.twin.refs(self.side) if ref in self.data["preferences"]]
        self.names = {ref: ref.partition(".")[2] or ref for ref in self.refs}
        self.signer = self.twin.signer(self.side)
        self.rule: Data = self.party.get("ratification", {"all_of": []})
        self.weights = {r.partition(".")[2] or r: w for r, w in self.twin.faction_weights(self.side).items()}

    # what each does

    def noise(self, ref: str) -> float:
        """`noise`, or the standard deviation of the walk-away."""
        wants = self.data["preferences"][ref]
        if "noise" in wants:
            return float(point(wants["noise"]))
        return float(distribution(wants["walk_away"]).std()) if varies(wants["walk_away"]) else 0.0

    def over(self, ref: str, floor: Fraction | None, z: Any, paid: float = 0) -> Any:
        """Phi((u - floor - s sqrt(rho) z) / (s sqrt(1 - rho)))."""
        if floor is None:
            return 1.0 + 0 * z
        above, s = self.twin.utility(ref, self.package) - floor, self.noise(ref)
        if s == 0:
            return float(quantise(float(above) + paid) >= 0) + 0 * z
        return stats.norm.cdf((float(above) + paid - s * self.rho**0.5 * z) / (s * (1 - self.rho) ** 0.5))

    def free(self, ref: str, z: Any) -> Any:
        """The chance that no red line is crossed that holds: on one issue they nest, so the likeliest counts."""
        likeliest: dict[str, float] = {}
        for key, q in self.data["preferences"][ref].get("red_lines", {}).items():
            if holds(key.replace(".", " == "), self.package):
                single = SINGLE.fullmatch(key)
                topic = single[1] or single[2] if single else key
                likeliest[topic] = max(likeliest.get(topic, 0.0), float(point(q)))
        found = 1.0 + 0 * z
        for q in likeliest.values():
            held = stats.norm.cdf((stats.norm.ppf(q) + self.rho**0.5 * z) / (1 - self.rho) ** 0.5)
            found = found * (1 - held)
        return found

    def does(self, ref: str, z: Any, paid: float = 0) -> dict[str, Any]:
        """The chances of its four states; who topples has walked out, too."""
        faction = self.party.get("factions", {}).get(self.names[ref], {})
        topple, walk_out = (point(faction[k]) if k in faction else None for k in ("topple", "walk_out"))
        stays = self.over(ref, topple, z, paid)
        in_it = self.over(ref, topple if walk_out is None else walk_out, z, paid)
        yes = self.over(ref, self.twin.walk_away(ref), z, paid) * self.free(ref, z)
        return {TOPPLES: 1 - stays, WALKS_OUT: stays - in_it, SAYS_NO: in_it - yes, SAYS_YES: yes}

    def likely(
        self, z: Any, sure: Mapping[str, str] | None = None, paid: Mapping[str, float] | None = None
    ) -> dict[Any, Any]:
        """What everybody may do at the shocks z; what is `sure`, and what cannot be, is not gone through."""
        found: dict[Any, Any] = {}
        for ref in self.refs:
            states = self.does(ref, z, (paid or {}).get(ref, 0))
            if ref in (sure or {}):
                states = {(sure or {})[ref]: 1.0}
            found[ref] = {what: chance for what, chance in states.items() if np.any(np.abs(chance) > 0)}
        return {**found, **seats_taken(self.rule), **self.votes(found, z)}

    def votes(self, does: Mapping[str, Any], z: Any, rng: Any = None) -> dict[Any, Any]:
        """Whether popular votes carry, at every shock; sizes and turnouts at the mode, or drawn."""
        found = {}
        for path, part, refusing in walk(self.rule):
            if "referendum" in part:
                groups = part["referendum"]["groups"]
                refs = [next(r for r, n in self.names.items() if n == g["faction"]) for g in groups]
                yes = np.array([does[ref].get(SAYS_YES, 0.0) + 0 * z for ref in refs])
                sizes, turnouts = (
                    self._drawn([g.get(k, 1) for g in groups], z, rng) for k in ("size", "turnout")
                )
                carried = carries(part["referendum"], 1 - yes if refusing else yes, sizes, turnouts)
                found[path] = {True: carried * 1.0, False: 1.0 - carried}
        return found

    def _drawn(self, estimates: list[Any], z: Any, rng: Any) -> Any:
        drawn = [
            distribution(e).rvs(len(z), random_state=rng)
            if rng is not None and varies(e)
            else float(point(e)) + 0 * z
            for e in estimates
        ]
        return np.array(drawn)

    # what comes of it

    def lets(self, world: World) -> bool:
        """Whether home lets it."""
        yes = {name: world[ref] == SAYS_YES for ref, name in self.names.items()}
        return lets(self.rule, yes, self.weights, world)

    def _keeps(self, world: World, least: str, *, net: bool = True) -> bool:
        survival = self.party["survival"]
        by_name = {name: world[ref] for ref, name in self.names.items()}
        seats = Fraction(0)
        for name, number in survival["seats"].items():
            if LADDER.index(by_name.get(name, SAYS_YES)) >= LADDER.index(least):
                seats += point(number)
        for name, number in survival.get("safety_net", {}).items() if net else ():
            if by_name.get(name, SAYS_YES) == SAYS_YES:
                seats += point(number)
        return seats >= point(survival["majority"])

    def keeps(self, world: World) -> bool:
        """Whether those who do not leave, and the net, are enough."""
        return self._keeps(world, SAYS_NO)

    def keeps_alone(self, world: World) -> bool:
        """The same without the safety net."""
        return self._keeps(world, SAYS_NO, net=False)

    def stands(self, world: World) -> bool:
        """Whether it is left standing by those who do not topple it."""
        return self._keeps(world, WALKS_OUT)

    # chances

    def signing(self, z: Any) -> Any:
        """The chance at every shock that the signer signs."""
        return self.does(self.signer, z)[SAYS_YES]

    def chance(self, event: Callable[[World], bool], **known: Any) -> float:
        """The chance of an event once the signer has signed; nan where it hardly ever would."""
        sure = {self.signer: SAYS_YES, **known.pop("sure", {})}
        return mean(chance_of(event, self.likely(SHOCKS, sure, **known)), self.signing(SHOCKS))

    def alone(self, event: Callable[[World], bool]) -> float:
        """The chance of an event whoever signs."""
        return mean(chance_of(event, self.likely(SHOCKS)), 1.0)

    def simulated(self, n: int, seed: int) -> tuple[float, float]:
        """The chance that home lets what was signed, shocks, sizes and turnouts drawn; and its standard error."""
        rng = np.random.default_rng(seed)
        z = rng.standard_normal(n)
        likely = self.likely(z, {self.signer: SAYS_YES})
        likely.update(self.votes(likely, z, rng))
        value, weight = chance_of(self.lets, likely) + 0 * z, self.signing(z)
        found = float((value * weight).mean() / weight.mean())
        return found, float((weight * (value - found)).std() / n**0.5 / weight.mean())

    def counted_out(self, n: int, seed: int) -> tuple[int, int]:
        """How often of n simulations in which everything is drawn it is signed, and how often let, too."""
        rng = np.random.default_rng(seed)
        z, code = rng.standard_normal(n), np.zeros(n, np.int64)
        names: list[tuple[Any, Any]] = []
        for key, chances in self.likely(z).items():
            yes = SAYS_YES if key in self.refs else True
            code += (rng.random(n) < chances.get(yes, 0.0)).astype(np.int64) << len(names)
            names.append((key, yes))
        signed = let = 0
        for bits, times in zip(*np.unique(code, return_counts=True), strict=True):
            world = {key: yes if bits >> k & 1 else False for k, (key, yes) in enumerate(names)}
            if world[self.signer] == SAYS_YES:
                signed, let = signed + times, let + times * self.lets(world)
        return int(signed), int(let)


# who turns it


def joint_pivots(home: Home, voices: list[str]) -> tuple[bool, set[frozenset[str]]]:
    """Whether it passes at the mode, and the least sets of voices whose switch turns that.

    Members are there who are so with 0.5 or more; voters vote as they do at the middle of the shock.
    """
    says = {ref: SAYS_YES if home.twin.accepts(ref, home.package) else SAYS_NO for ref in home.refs}
    says[home.signer] = SAYS_YES
    middle = {key: chances[True] >= 0.5 for key, chances in seats_taken(home.rule).items()}
    for path, chances in home.votes(home.likely(np.zeros(1), {home.signer: SAYS_YES}), np.zeros(1)).items():
        middle[path] = bool(chances[True][0])

    def passes(switched: tuple[str, ...]) -> bool:
        other = {ref: SAYS_NO if says[ref] == SAYS_YES else SAYS_YES for ref in switched}
        return home.lets({**says, **other, **middle})

    able = sorted(set(voices) - {home.signer})
    every = chain.from_iterable(combinations(able, size) for size in range(1, len(able) + 1))
    turning = [frozenset(chosen) for chosen in every if passes(chosen) != passes(())]
    return passes(()), {chosen for chosen in turning if not any(one < chosen for one in turning)}


def least_payment(home: Home, ref: str, target: float, most: float) -> float | None:
    """The least payment in tenths of a point, up to `most`, with which the chance reaches the target."""
    for tenths in range(1, round(10 * most) + 1):
        if home.chance(home.lets, paid={ref: tenths / 10}) >= target:
            return tenths / 10
    return None


# what leaders choose


def expected(data: Data, package: Package, rho: float, must: list[str]) -> tuple[float, float]:
    """The product of expected gains, and the chance that all homes ratify, if that is signed."""
    twin = Twin(data, judge=False)
    ratified = math.prod(h.chance(h.lets) for h in (Home(data, side, package, rho) for side in must))
    found = 1.0
    for side in twin.counted():
        signer = twin.signer(side)
        gain = float(twin.utility(signer, package) - twin.walk_away(signer))
        found *= (max(gain, 0.0) * ratified) ** float(twin.power(side))
    return found, ratified


def signable(data: Data) -> list[Package]:
    """The packages that enough sign for the rule of the table."""
    twin = Twin(data)
    return [x for x in twin.packages if twin.table_holds(twin.judged[twin.key(x)].signs)]
