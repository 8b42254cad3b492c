"""Random homes as plain data: rules of all kinds over up to 12 factions, and what these factions want."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.twins.agreement import Data

NAMES = tuple("abcdefghijkl")
SHARES = ("1/3", "1/2", "2/3", "3/4", 0.6, 0.05)
WEIGHTS = (1, 1, 2, 3, 5, 0.1, 0.25, 17, [1, 2, 4], 0)
PRESENT = (0.3, 0.5, 0.9, [0.2, 0.4, 0.9], {"low": 0.5, "high": 1, "shape": "uniform"})
LINES = (
    "i.x",
    "i == x",
    "i.y",
    "i == z",
    "i in [z]",
    "j.p",
    "j == p",
    "i == x and j == q",
    "i in [y, z]",
    "not (j == q)",
)


class Rules:
    """Makes rules over members; `absences` of them may stay away from bodies, `blocking` allows that refusals
    are counted, `voting` popular votes."""

    def __init__(
        self,
        random: Random,
        members: tuple[str, ...],
        *,
        absences: int = 0,
        blocking: bool = True,
        voting: bool = False,
    ) -> None:
        self.random, self.members, self.absences = random, members, absences
        self.kinds = ["all_of", "any_of", "at_least", "at_least"]
        self.kinds += ["not_blocked_by", "twice"] if blocking else []
        self.kinds += ["referendum"] if voting else []

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, least: int = 1) -> list[str]:
        return self.random.sample(
            self.members, self.random.randint(min(least, len(self.members)), len(self.members))
        )

    def rule(self, depth: int = 3) -> Data:
        """A rule; the outermost is seldom a single faction."""
        kind = self.random.choice(["faction", "quota", "quota"] + (self.kinds if depth else []))
        if kind == "faction" and (depth < 3 or self.chance(0.1)):
            return {"faction": self.random.choice(self.members)}
        if kind in ("quota", "faction"):
            return {"quota": self.quota()}
        if kind == "referendum":
            return {"referendum": self.referendum()}
        if kind == "not_blocked_by":
            return {"not_blocked_by": self.rule(depth - 1)}
        if kind == "twice":
            return {"not_blocked_by": {"not_blocked_by": self.rule(depth - 1)}}
        parts = self._parts(depth - 1)
        return (
            {"at_least": self.random.randint(1, len(parts)), "of": parts}
            if kind == "at_least"
            else {kind: parts}
        )

    def _parts(self, depth: int) -> list[Data]:
        parts: list[Data] = [{"faction": name} for name in self.some()[:4]]
        for _ in range(self.random.choice([0, 1, 1, 2])):
            more = self.rule(depth)
            if more not in parts:
                parts.append(more)
        self.random.shuffle(parts)
        return parts

    def quota(self) -> Data:
        """A weighted vote with one of the three kinds of bar."""
        weights = {name: self.random.choice(WEIGHTS) for name in self.some(2)}
        if all(weight == 0 for weight in weights.values()):
            weights = dict.fromkeys(weights, 1)
        terms: Data = {"weights": weights}
        if self.chance(0.2):
            terms = {}  # the factions' own
        bar = self.random.choice(["more_than", "share", "at_least"])
        if bar == "at_least" and terms:
            points = [weight[1] if isinstance(weight, list) else weight for weight in weights.values()]
            terms["at_least"] = self.random.choice(
                [min(p for p in points if p), sum(points) / 2, sum(points)]
            )
        else:
            terms["share" if bar == "at_least" else bar] = self.random.choice(SHARES)
            if bar == "share" and self.chance(0.2):
                terms["share"] = self.random.choice([0, 1])
        if self.absences and self.chance(0.5):
            self._stay_away(terms, list(weights) if "weights" in terms else list(self.members))
        return terms

    def _stay_away(self, terms: Data, voters: list[str]) -> None:
        away = self.random.sample(voters, min(len(voters), self.random.randint(1, self.absences)))
        self.absences -= len(away)
        terms["present"] = {name: self.random.choice(PRESENT) for name in away}
        sure = [name for name in voters if name not in away]
        if sure and self.chance(0.2):
            terms["present"][sure[0]] = self.random.choice([0, 1])
        terms["of_present"] = self.chance(0.7)

    def referendum(self) -> Data:
        """A popular vote of some members' voters."""
        groups = [
            {"faction": name, "size": self.random.choice([1, 2, 3, [1, 2, 4]]), "turnout": self._turnout()}
            for name in self.some()
        ]
        terms: Data = {"groups": groups, "threshold": self.random.choice(["1/3", "1/2", 0.6])}
        for key, shares in (("turnout_quorum", (0.3, 0.5)), ("approval_quorum", (0.2, "1/3"))):
            if self.chance(0.3):
                terms[key] = self.random.choice(shares)
        if self.chance(0.25):
            terms["each_group"] = True
        return terms

    def _turnout(self) -> Any:
        return self.random.choice([1, 0.5, [0.3, 0.5, 0.9], {"low": 0.2, "high": 1, "shape": "uniform"}])


def random_rule(random: Random, members: tuple[str, ...], **wishes: Any) -> Data:
    """A rule that some members at least can carry."""
    return Rules(random, members, **wishes).rule()


def with_rule(
    rule: Data, members: tuple[str, ...], weights: dict[str, Any] | None = None, **party: Any
) -> Data:
    """A case with one home over these factions, who all want the same; the leader signs, and has no vote."""
    factions: Data = {"leader": {"name": "leader", "weight": 0}}
    factions |= {name: {"name": name, "weight": (weights or {}).get(name, 1)} for name in members}
    wants = {"walk_away": 50, "weights": {"i": 1}, "scores": {"i": {"x": 60, "y": 40, "z": 0}}}
    return {
        "winset": 1,
        "title": "A home",
        "issues": {"i": {"title": "i", "options": {"x": "x", "y": "y", "z": "z"}}},
        "parties": {
            "home": {
                "name": "home",
                "factions": factions,
                "speaks_for": "leader",
                "ratification": rule,
                **party,
            },
            "other": {"name": "other"},
        },
        "preferences": {
            **{f"home.{name}": dict(wants) for name in factions},
            "other": {**wants, "walk_away": 0},
        },
    }


class Homes:
    """Makes cases with a home that is in doubt: two issues, up to five factions, one or two who negotiate."""

    def __init__(self, random: Random, **wishes: Any) -> None:
        self.random, self.wishes = random, wishes

    def case(self) -> Data:
        """A sound case. The leader may have a vote."""
        members = NAMES[: self.random.choice(self.wishes.pop("sizes", [1, 2, 3, 4]))]
        rules = {key: self.wishes[key] for key in ("absences", "blocking", "voting") if key in self.wishes}
        factions = {
            name: {"name": name, "weight": self.random.choice([1, 2, 0.5, [1, 2, 4]])}
            for name in ("leader", *members)
        }
        voters = ("leader", *members) if self.random.random() < 0.5 else members
        home: Data = {"name": "home", "factions": factions, "speaks_for": "leader"}
        home["ratification"] = self._rule(Rules(self.random, voters, **rules))
        options = {"x": "x", "y": "y", "z": "z"}
        data: Data = {
            "winset": 1,
            "title": "Random home",
            "issues": {
                "i": {"title": "i", "options": options},
                "j": {"title": "j", "options": {"p": "p", "q": "q"}},
            },
            "parties": {"home": home, "other": {"name": "other"}},
            "preferences": {f"home.{name}": self.wants() for name in factions}
            | {"other": self.wants(sure=True)},
        }
        self._keep_heads(data)
        if self.wishes.get("survival"):
            self._survive(data)
        return data

    def _rule(self, rules: Rules) -> Data:
        """Any rule, or with the wish `poll` one around a popular vote."""
        if not self.wishes.get("poll"):
            return rules.rule()
        poll: Data = {"referendum": rules.referendum()}
        around: list[Data] = [
            poll,
            {"not_blocked_by": poll},
            {"all_of": [rules.rule(1), poll]},
            {"any_of": [poll, rules.rule(1)]},
        ]
        return self.random.choice(around)

    def wants(self, *, sure: bool = False) -> Data:
        """What a faction wants, with much doubt about it."""
        score = lambda: self.random.choice([0, 20, 40, 50, 60, 80, 100])  # noqa: E731
        wants: Data = {
            "walk_away": self.random.choice([0, 10, 20] if sure else [30, 40, 50, 60]),
            "weights": {"i": self.random.choice([1, 2, 3]), "j": 1},
            "scores": {"i": {option: score() for option in "xyz"}, "j": {option: score() for option in "pq"}},
        }
        if not sure:
            wide = self.random.choice([0, 8, 20, 20, 40])
            if wide:
                middle = wants["walk_away"]
                wants["walk_away"] = [middle - wide / 2, middle, middle + wide]
            if self.random.random() < 0.3:
                wants["noise"] = self.random.choice([0, 3, 10, 25, [5, 10, 20]])
            if self.random.random() < 0.5:
                lines = self.random.sample(LINES, self.random.randint(1, 3))
                wants["red_lines"] = {key: self.random.choice([0.1, 0.3, 0.5, 0.8, 1, 0]) for key in lines}
        return wants

    def _keep_heads(self, data: Data) -> None:
        """Let the leader sign something with a chance to speak of."""
        leader = data["preferences"]["home.leader"]
        leader["red_lines"] = {key: q for key, q in leader.get("red_lines", {}).items() if q <= 0.5}

    def _survive(self, data: Data) -> None:
        home = data["parties"]["home"]
        names = list(home["factions"])
        for name in names:
            low = data["preferences"][f"home.{name}"]["walk_away"]
            low = low[1] if isinstance(low, list) else low
            which = self.random.choice(["both", "walk_out", "topple", "none"])
            if which in ("both", "walk_out"):
                home["factions"][name]["walk_out"] = self._below(low, self.random.choice([0, 5, 15]))
            if which in ("both", "topple"):
                home["factions"][name]["topple"] = self._below(low, self.random.choice([15, 25]))
        carrying = ["leader", *self.random.sample(names[1:], self.random.randint(0, len(names) - 1))]
        seats: Data = {name: self.random.choice([1, 2, 5]) for name in carrying}
        total = sum(seats.values())
        home["survival"] = {
            "seats": seats,
            "majority": self.random.choice([total, self.random.randint(1, total)]),
        }
        if self.random.random() < 0.3:
            seats[carrying[-1]] = [seats[carrying[-1]] / 2, seats[carrying[-1]], 2 * seats[carrying[-1]]]
        net = [name for name in names if name not in carrying]
        if net and self.random.random() < 0.7:
            home["survival"]["safety_net"] = {name: self.random.choice([1, 3]) for name in net}

    def _below(self, middle: float, points: float) -> Any:
        """So many points lower, sometimes in doubt."""
        low = middle - points
        return [low - 5, low, low + 3] if self.random.random() < 0.3 else low
