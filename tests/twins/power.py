"""Power in a vote by going through all coalitions, and all orders by what they share: slow and obvious."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any


@dataclass
class Power:
    """Everything by brute force, by player where it is by player."""

    winning: int
    swings: list[int]
    shapley: list[Fraction]
    minimal: list[frozenset[int]]
    holler: list[Fraction]
    deegan: list[Fraction]
    veto: list[bool]

    @property
    def by_player(self) -> dict[str, list[Any]]:
        """Each index by its name, from the definitions."""
        n = len(self.swings)
        return {
            "swings": self.swings,
            "banzhaf": [Fraction(s, sum(self.swings)) for s in self.swings],
            "absolute": [Fraction(s, 2 ** (n - 1)) for s in self.swings],
            "prevent": [Fraction(s, self.winning) for s in self.swings],
            "initiate": [Fraction(s, 2**n - self.winning) for s in self.swings],
            "shapley_shubik": self.shapley,
            "minimal": [sum(i in c for c in self.minimal) for i in range(n)],
            "holler_packel": self.holler,
            "deegan_packel": self.deegan,
            "veto": self.veto,
            "dummy": [not any(i in c for c in self.minimal) for i in range(n)],
            "dictator": [self.minimal == [frozenset({i})] for i in range(n)],
        }


def by_weight(
    weights: Sequence[Fraction], quota: Fraction, *, strictly: bool = False
) -> Callable[[frozenset[int]], bool]:
    """Who wins a weighted vote."""

    def wins(members: frozenset[int]) -> bool:
        weight = sum((weights[i] for i in members), Fraction(0))
        return weight > quota if strictly else weight >= quota

    return wins


def power(n: int, wins: Callable[[frozenset[int]], bool]) -> Power:
    """All coalitions of n players, one at a time."""
    coalitions = [frozenset(c) for size in range(n + 1) for c in combinations(range(n), size)]
    winning = {c for c in coalitions if wins(c)}
    swings, shapley = [0] * n, [Fraction(0)] * n
    for c in winning:
        for i in c:
            if c - {i} not in winning:
                swings[i] += 1
                shapley[i] += Fraction(factorial(len(c) - 1) * factorial(n - len(c)), factorial(n))
    minimal = [c for c in winning if all(c - {i} not in winning for i in c)]
    holding = [[c for c in minimal if i in c] for i in range(n)]
    memberships = sum(len(c) for c in minimal)
    return Power(
        len(winning),
        swings,
        shapley,
        minimal,
        [Fraction(len(of), memberships) for of in holding],
        [sum((Fraction(1, len(c)) for c in of), Fraction(0)) / len(minimal) for of in holding],
        [all(i in c for c in winning) for i in range(n)],
    )


def without_presence(rule: Any) -> Any:
    """The rule with nothing said of who is present."""
    if isinstance(rule, list):
        return [without_presence(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    return {key: without_presence(part) for key, part in rule.items() if key not in ("present", "of_present")}


def named(rule: dict[str, Any], default: Iterable[str]) -> set[str]:
    """Everybody that the rule names."""
    if "faction" in rule or "party" in rule:
        return {rule.get("faction") or rule["party"]}
    if "quota" in rule:
        return set(rule["quota"].get("weights", default))
    if "referendum" in rule:
        return {group["faction"] for group in rule["referendum"]["groups"]}
    inner = next(rule[key] for key in ("all_of", "any_of", "of", "not_blocked_by") if key in rule)
    return set().union(*(named(part, default) for part in (inner if isinstance(inner, list) else [inner])))
