"""Small random cases as plain data, on purpose full of ties and of packages exactly on a walk-away."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.twins.agreement import Data, Twin
from winset.case.model import Case
from winset.case.read import parse_case

PARTIES, MEDIATORS = ("pa", "pb", "pc", "pd"), ("ma", "mb")
FACTIONS, ISSUES, OPTIONS = ("fa", "fb", "fc"), ("ia", "ib", "ic", "ie"), ("oa", "ob", "oc", "od")
SHARES = ("1/3", "1/2", "2/3", "3/4", 0.6)


def to_case(data: Data) -> Case:
    """The case that the data state, read as a file is."""
    return parse_case(json.dumps(data).encode(), "random.json", "random")


def random_case(seed: int, **wishes: Any) -> Data:
    """A sound case for the seed; see `Maker` for the wishes."""
    return Maker(Random(seed), **wishes).case()


def cases(**wishes: Any) -> st.SearchStrategy[Data]:
    """Sound random cases for hypothesis."""
    return st.randoms(use_true_random=False).map(lambda random: Maker(random, **wishes).case())


class Maker:
    """Makes cases out of chance.

    `numbers` gives scores as numbers, never as ranks; `least` and `most` bound the number of issues.
    """

    def __init__(self, random: Random, *, numbers: bool = False, least: int = 1, most: int = 4) -> None:
        self.random = random
        self.numbers, self.least, self.most = numbers, least, most

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def some(self, from_: Any, low: int = 1, high: int | None = None) -> list[Any]:
        """Some of a list, in random order."""
        listed = list(from_)
        return self.random.sample(
            listed, self.whole(min(low, len(listed)), min(high or len(listed), len(listed)))
        )

    def case(self) -> Data:
        """A sound case: parties, issues, preferences, and with luck everything else."""
        data: Data = {"winset": 1, "title": "Random", "issues": self._issues(), "parties": self._parties()}
        if self.chance(0.4):
            names = MEDIATORS[: self.whole(1, 2)]
            data["mediators"] = {
                n: {"name": n, "consent": self.random.choice(["advisory", "required"])} for n in names
            }
        data["preferences"] = {ref: self._preference(data) for ref in self._voices(data)}
        if self.chance(0.3):
            data["joint"] = [self._joint(data) for _ in range(self.whole(1, 2))]
        if self.chance(0.4):
            self._constrain(data)
        for ref in data["preferences"]:
            self._set_walk_away(data, ref)
        if self.chance(0.6):
            data["texts"] = {name: {"package": self._text(data)} for name in self.some(("ta", "tb"))}
            if self.chance(0.8):
                data["on_the_table"] = self.random.choice(list(data["texts"]))
        if self.chance(0.2):
            data["cautions"] = [{"when": self.condition(data), "because": "Doubtful."}]
        self._table(data)
        return data

    # what is bargained over

    def _issues(self) -> Data:
        issues: Data = {}
        for name in ISSUES[: self.whole(self.least, self.most)]:
            options: Data = {option: option for option in OPTIONS[: self.whole(2, 4)]}
            for option in options:
                if self.chance(0.1):
                    options[option] = {"label": option, "position": self.whole(0, 100)}
            issues[name] = {"title": name, "options": options}
        if len(issues) > max(self.least, 1) and self.chance(0.1):
            issues[self.random.choice(list(issues))]["tier"] = "extended"
        return issues

    def comparison(self, data: Data) -> str:
        """An issue compared with options of its own."""
        issue = self.random.choice(list(data["issues"]))
        options = list(data["issues"][issue]["options"])
        several = f"[{', '.join(self.some(options, 1, 3))}]"
        sign, right = self.random.choice(
            [
                ("==", options[0]),
                ("==", options[-1]),
                ("!=", options[-1]),
                ("in", several),
                ("not in", several),
            ]
        )
        return f"{issue} {sign} {right}"

    def condition(self, data: Data, depth: int = 2) -> str:
        """A condition of the small language."""
        if depth == 0 or self.chance(0.3):
            return self.comparison(data)
        if self.chance(0.2):
            return f"not ({self.condition(data, depth - 1)})"
        joint = self.random.choice([" and ", " and ", " or "])
        return joint.join(f"({self.condition(data, depth - 1)})" for _ in range(2))

    def _constrain(self, data: Data) -> None:
        """Add constraints that leave something, with and without the extended issues."""
        data["constraints"] = [
            {"id": f"c{n}", "forbid": self.condition(data)} for n in range(self.whole(1, 2))
        ]
        if not all(Twin(data, extended=e, judge=False).packages for e in (False, True)):
            del data["constraints"]

    def _text(self, data: Data) -> Data:
        issues = data["issues"]
        settled = list(issues) if self.chance(0.3) else self.some(issues, 0)
        return {issue: self.random.choice(list(issues[issue]["options"])) for issue in settled}

    # who decides

    def _parties(self) -> Data:
        names = PARTIES[: self.random.choice([1, 2, 2, 2, 3, 3, 4])]
        parties: Data = {name: self._party(name) for name in names}
        if len(names) > 2 and self.chance(0.2):
            parties[names[-1]]["role"] = "observer"
            parties[names[-1]].pop("ratification", None)
        return parties

    def _party(self, name: str) -> Data:
        party: Data = {"name": name}
        if self.chance(0.4):
            party["power"] = self.random.choice([0, 0.5, 1, 2, 3, [1, 2, 4]])
        members: tuple[str, ...] = (name,)
        if self.chance(0.6):
            members = FACTIONS[: self.whole(1, 3)]
            party["factions"] = {f: {"name": f} for f in members}
            for faction in party["factions"].values():
                if self.chance(0.7):
                    faction["weight"] = self.random.choice([1, 2, 3, 0.1, 0.2, [1, 4, 5]])
            if len(members) > 1 or self.chance(0.5):
                party["speaks_for"] = self.random.choice(members)
        if self.chance(0.6):
            party["ratification"] = self.rule("faction", members)
        return party

    def rule(self, leaf: str, members: Any, depth: int = 2, *, default: bool = True) -> Data:
        """A rule tree over the members; `default`: quotas may do without weights of their own."""
        names = list(members)
        kinds = ["leaf", "quota", "quota"] + (["referendum"] if leaf == "faction" else [])
        kind = self.random.choice(
            kinds + (["all_of", "any_of", "at_least", "not_blocked_by"] if depth else [])
        )
        if kind == "leaf":
            return {leaf: self.random.choice(names)}
        if kind == "quota":
            return {"quota": self._quota(names, default)}
        if kind == "referendum":
            return {"referendum": self._referendum(names)}
        if kind == "not_blocked_by":
            return {"not_blocked_by": self.rule(leaf, names, depth - 1, default=default)}
        parts: list[Data] = [{leaf: name} for name in self.some(names)]
        if self.chance(0.5):
            parts.append(self.rule(leaf, names, depth - 1, default=default))
            parts = [part for n, part in enumerate(parts) if n == len(parts) - 1 or part != parts[-1]]
        if kind == "at_least":
            return {"at_least": self.whole(1, len(parts)), "of": parts}
        return {kind: parts}

    def _quota(self, names: list[str], default: bool) -> Data:
        weights = {name: self.random.choice([1, 2, 3, 0.1]) for name in self.some(names)}
        bar: Data = self.random.choice(
            [{"more_than": self.random.choice(SHARES)}, {"share": self.random.choice((*SHARES, 1))}]
        )
        if default and self.chance(0.4):
            return bar
        terms: Data = {**bar, "weights": weights}
        if self.chance(0.3):
            total = sum(weights.values())
            terms = {"at_least": self.random.choice([weights[min(weights)], total / 2]), "weights": weights}
        if self.chance(0.3):
            terms["present"] = {name: self.random.choice([0.4, 0.5, 0.9]) for name in self.some(weights)}
            terms["present"][min(weights)] = 0.7  # somebody is there
            terms["of_present"] = self.chance(0.5)
        return terms

    def _referendum(self, names: list[str]) -> Data:
        groups = [
            {"faction": name, "size": self.whole(1, 5), "turnout": self.random.choice([0.3, 0.5, 1])}
            for name in self.some(names)
        ]
        terms: Data = {"groups": groups, "threshold": self.random.choice(SHARES)}
        for key in ("turnout_quorum", "approval_quorum"):
            if self.chance(0.3):
                terms[key] = self.random.choice(SHARES)
        if self.chance(0.3):
            terms["each_group"] = True
        return terms

    def _voices(self, data: Data) -> list[str]:
        """Everybody who has preferences: all who decide, and by chance those who don't."""
        refs = []
        for side, party in data["parties"].items():
            members = [f"{side}.{faction}" for faction in party.get("factions", {})] or [side]
            if party.get("role") == "observer" and self.chance(0.5):
                continue
            if "speaks_for" in party and "ratification" not in party and self.chance(0.3):
                members = [f"{side}.{party['speaks_for']}"]
            refs += members
        for side, mediator in data.get("mediators", {}).items():
            if mediator["consent"] == "required" or self.chance(0.5):
                refs.append(side)
        return refs

    def _table(self, data: Data) -> None:
        """With some luck a table rule and an objective."""
        twin = Twin(data, judge=False)
        voices = [s for s in twin.sides() if data["parties"].get(s, {}).get("role") != "observer"]
        if self.chance(0.3):
            everybody = len(twin.sides()) == len(data["parties"]) + len(data.get("mediators", {}))
            data["table_rule"] = self.rule("party", voices, default=everybody)
        if self.chance(0.2) or not Twin(data, judge=False).counted():
            data["objective"] = self.some(twin.sides())

    # what each wants

    def _preference(self, data: Data) -> Data:
        issues = data["issues"]
        weights: Data = {issue: self._weight() for issue in issues}
        core = [name for name in issues if issues[name].get("tier") != "extended"]
        if not any(weights[name] for name in core):
            weights[core[0]] = 1
        preference: Data = {"walk_away": 50, "weights": weights}
        if self.chance(0.25):
            preference["weights"] = {"order": self._order(issues)}
        preference["scores"] = {issue: self._scores(list(issues[issue]["options"])) for issue in issues}
        for issue in issues:
            if weights.get(issue) == 0 and "order" not in preference["weights"] and self.chance(0.3):
                del preference["scores"][issue]
        if self.chance(0.4):
            preference["red_lines"] = self._red_lines(data)
        return preference

    def _weight(self) -> Any:
        return self.random.choice([0, 1, 1, 2, 3, 5, 0.1, [1, 2, 4]])

    def _order(self, names: Any) -> list[Any]:
        ranks: list[list[str]] = []
        for name in self.some(names, len(list(names))):
            if ranks and self.chance(0.3):
                ranks[-1].append(name)
            else:
                ranks.append([name])
        return [rank[0] if len(rank) == 1 else rank for rank in ranks]

    def _scores(self, options: list[str]) -> Data:
        if not self.numbers and self.chance(0.25):
            return {"order": self._order(options)}
        return {option: self._score() for option in options}

    def _score(self) -> Any:
        plain = self.random.choice([0, 10, 20, 25, 50, 60, 75, 100])
        uniform = {"low": plain / 2, "high": plain, "shape": "uniform"}
        return self.random.choice([plain] * 8 + [[0, plain, 100], uniform])

    def _red_lines(self, data: Data) -> Data:
        found: Data = {}
        for _ in range(self.whole(1, 2)):
            issue = self.random.choice(list(data["issues"]))
            key = f"{issue}.{self.random.choice(list(data['issues'][issue]['options']))}"
            chance = self.random.choice([0.3, 0.5, 1, [0.1, 0.6, 0.9], [0.2, 0.4, 0.9]])
            found[self.condition(data, 1) if self.chance(0.4) else key] = chance
        return found

    def _joint(self, data: Data) -> Data:
        add = self.random.choice([-20, 5, 10, 2.5, [5, 10, 15]])
        return {
            "for": self.random.choice(list(data["preferences"])),
            "when": self.condition(data, 1),
            "add": add,
        }

    def _set_walk_away(self, data: Data, ref: str) -> None:
        """Often exactly what some package is worth, to nine digits, so that it sits on the walk-away."""
        if self.chance(0.4):
            walk_away: Any = self.random.choice([0, 20, 40, 50, [30, 40, 60]])
        else:
            twin = Twin(data, judge=False)
            worth = sorted(twin.utility(ref, package) for package in twin.packages)
            walk_away = round(float(worth[self.whole(0, 3 * len(worth) // 4)]), 9)
        data["preferences"][ref]["walk_away"] = walk_away
