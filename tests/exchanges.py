"""Random phased exchanges as plain data, small enough to be played out as trees."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import numpy as np

from tests.generators import to_case
from tests.twins.agreement import Data
from winset.analyses.exchange import run
from winset.analyses.exchange.evaluate import Evaluation, evaluate
from winset.analyses.exchange.steps import Outline, outline
from winset.analyses.exchange.terms import Source, Terms
from winset.case.model import Case

NAMES = ("alder", "birch", "cedar", "dogwood")
GOODS = ("p", "q", "r", "s", "t", "u")


class Exchanges:
    """Makes exchanges between up to `parties` sides in up to `steps` steps; `whole` numbers make many ties.
    `branches` limits how many ways of being late the whole tree may have."""

    def __init__(self, random: Random, *, parties: int = 4, steps: int = 8, branches: int = 64) -> None:
        self.random, self.most_steps, self.branches = random, steps, branches
        self.sides = NAMES[: random.randint(2, parties)]
        self.whole = random.random() < 0.4

    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def points(self, low: float, high: float) -> float:
        return (
            self.random.randint(int(low), int(high))
            if self.whole
            else round(self.random.uniform(low, high), 3)
        )

    def share(self, *values: float) -> float:
        return (
            self.random.choice(values)
            if self.whole
            else round(self.random.uniform(min(values), max(values)), 3)
        )

    def some(self, sides: tuple[str, ...], p: float = 0.7) -> list[str]:
        return [side for side in sides if self.chance(p)]

    def exchange(self) -> Data:
        """The section `exchange`, with one schedule called `plan`."""
        owed = {name: self.obligation() for name in GOODS[: self.random.randint(2, len(GOODS))]}
        steps = self.steps(owed)
        found: Data = {"obligations": owed, "schedules": {"plan": {"steps": steps, "partial": True}}}
        found["fallbacks"] = {side: self.fallback(owed) for side in self.some(self.sides)}
        found["closing"] = {side: self.points(-2, 12) for side in self.some(self.sides)}
        found["guarantees"] = {side: self.guarantee() for side in self.some(self.sides, 0.6)}
        found["monitoring"] = {"detection": self.share(1, 0.5, 0.8)}
        bent = 0.3 if self.whole else 0.6
        if self.chance(bent):
            found["monitoring"]["false_alarm"] = self.share(0, 0.25, 0.1)
        if self.chance(bent):
            starts = sorted(self.random.sample(range(15), self.random.randint(1, 3)))
            found["hazard"] = [{"from": day, "rate": self.share(0, 0.02, 0.1)} for day in starts]
        if self.chance(bent):
            found["discount"] = {side: self.share(0, 0.01, 0.05) for side in self.some(self.sides)}
        found["noise"] = self.random.choice([0.5, 2, 5])
        return found | self.lateness(steps)

    def obligation(self) -> Data:
        giver, lots = self.random.choice(self.sides), self.random.choice([1, 1, 2, 3, 3])
        worth: Data = {}
        for side in self.sides:
            if side == giver or self.chance(0.8):
                low, high = (-8, 1) if side == giver else (-2, 12)
                worth[side] = self.worth(low, high, lots)
        found: Data = {"by": giver, "what": "goods", "lots": lots, "worth": worth}
        if self.chance(0.4):
            found["reversible"] = self.share(0, 0.5, 1)
        if self.chance(0.3):
            found["detection"] = self.share(0.25, 0.5, 1)
        return found

    def worth(self, low: float, high: float, lots: int) -> Any:
        if self.chance(0.7):
            return self.points(low, high)
        return {"cumulative": [self.points(low, high) for _ in range(lots)]}

    def fallback(self, owed: Data) -> Data:
        moves = {name: self.points(-3, 3) for name in owed if self.chance(0.5)}
        return {"base": self.points(-4, 4), "moves": moves}

    def guarantee(self) -> Data:
        return {"points": self.points(0, 8), "acts": self.share(1, 0.5)}

    def steps(self, owed: Data) -> list[Data]:
        """Some of what is owed, piece by piece, now and then several sides at once."""
        pieces: list[tuple[str, int]] = []
        for name, terms in owed.items():
            left = terms["lots"]
            while left and not (pieces and self.chance(0.1)):
                count = self.random.choice([1, 1, left])
                pieces.append((name, count))
                left -= count
        self.random.shuffle(pieces)
        steps: list[Data] = []
        day = self.random.choice([0, 0, 2])
        while pieces and len(steps) < self.most_steps:
            does: dict[str, int] = {}
            for _ in range(self.random.choice([1, 1, 1, 1, 2, 3])):
                if pieces:
                    name, count = pieces.pop()
                    does[name] = does.get(name, 0) + count
            by = sorted({owed[name]["by"] for name in does})
            step: Data = {"day": day, "by": by, "does": does}
            if self.chance(0.3):
                step["kind"] = "escrow"
            elif len(by) > 1:
                step["kind"] = "joint"
            steps.append(step)
            day += self.random.choice([0, 1, 1, 3, 7])
        return steps

    def lateness(self, steps: list[Data]) -> Data:
        """Grace, as many days as keep the tree small, and who gains by it."""
        stalling = {side: self.points(-1, 2) / 2 for side in self.some(self.sides, 0.5)}
        grace = self.random.choice([0, 1, 2, 3])

        def ways(days: int) -> int:
            product = 1
            for step in steps:
                product *= sum(1 + days * (side in stalling) for side in step["by"])
            return product

        while grace and ways(grace) > self.branches:
            grace -= 1
        return {"grace": grace, "stalling": stalling}


def random_exchange(seed: int, **wishes: Any) -> tuple[Data, tuple[str, ...]]:
    """An exchange for the seed, and its sides."""
    made = Exchanges(Random(seed), **wishes)
    return made.exchange(), made.sides


def case_with(exchange: Data, sides: tuple[str, ...], **more: Any) -> Case:
    """A case of nothing but an exchange."""
    parties = {side: {"name": side.capitalize()} for side in sides}
    return to_case({"winset": 1, "title": "An exchange", "parties": parties, "exchange": exchange, **more})


def terms(sides: tuple[str, ...], worth: list[list[float]], giver: list[int], **given: Any) -> Terms:
    """Terms in point mode from plain numbers: `worth` by obligation and side, one lot each unless `lots` says
    otherwise; what is not given stands as where a case says nothing."""
    p, o = len(sides), len(giver)
    lots = np.array(given.pop("lots", [1] * o), np.int64)
    curves = tuple(np.array([[[0.0, points] for points in each]]) for each in worth)
    rates = given.pop("rates", [])
    stalling = given.pop("stalling", {})
    blank: dict[str, Any] = dict.fromkeys(("base", "closing", "guarantee", "discount"), [0.0] * p)
    blank |= {"detection": [1.0] * o, "reversible": [0.0] * o, "hard": [0.0] * o, "moves": [[0.0] * o] * p}
    single = {"false_alarm": given.pop("false_alarm", 0.0), "noise": given.pop("noise", 5.0)}
    return Terms(
        sides=sides,
        obligations=tuple(GOODS[:o]),
        lots=lots,
        giver=np.array(giver, np.int64),
        curves=curves,
        starts=np.array([day for day, _ in rates], np.int64),
        rates=np.array([[rate for _, rate in rates]], float).reshape(1, -1),
        stalling=np.array([[stalling.get(side, 0.0) for side in sides]]),
        stalls=np.array([side in stalling for side in sides]),
        grace=given.pop("grace", 0),
        **{name: np.array([value]) for name, value in single.items()},
        **{name: np.array([given.pop(name, value)], float) for name, value in blank.items()},
        **given,
    )


def plan(days: list[int], by: list[tuple[int, ...]], delivers: list[list[int]], *escrow: int) -> Outline:
    """Steps from plain numbers: who acts, and how many lots of each obligation; `escrow` are places of steps."""
    parties = max(max(who) for who in by) + 1
    return Outline(
        days=np.array(days, np.int64),
        acts=np.array([[p in who for p in range(parties)] for who in by]),
        delivers=np.array(delivers, np.int64),
        escrow=np.array([k in escrow for k in range(len(days))]),
        start=np.zeros(len(delivers[0]), np.int64),
    )


AB = ("a", "b")
# a gives at a cost of 5 what is worth 10 to b, ten days later b at a cost of 4 what is worth 9 to a.
SWAP: Data = {
    "obligations": {
        "p": {"by": "a", "what": "p", "worth": {"a": -5, "b": 10}},
        "q": {"by": "b", "what": "q", "worth": {"a": 9, "b": -4}},
    },
    "schedules": {
        "swap": {"steps": [{"day": 0, "by": "a", "does": {"p": 1}}, {"day": 10, "by": "b", "does": {"q": 1}}]}
    },
}


def swap(**more: Any) -> Data:
    """The swap, with some of it replaced."""
    return copy.deepcopy(SWAP) | more


def judged(exchange: Data, sides: tuple[str, ...] = AB) -> tuple[Source, Evaluation]:
    """An exchange with one schedule, judged at the mode."""
    source = Source.of(case_with(exchange, sides), {})
    made = source.terms()
    [schedule] = source.exchange.schedules.values()
    return source, evaluate(made, outline(made, schedule))


def answer(exchange: Data, sides: tuple[str, ...] = AB, **parameters: Any) -> Any:
    """What is answered about its one schedule."""
    [found] = run(case_with(exchange, sides), **parameters).schedules.values()
    return found
