"""Power in a weighted vote by going through all coalitions, and all orders by what they share: slow and obvious."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial


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


def power(weights: list[Fraction], quota: Fraction, *, strictly: bool = False) -> Power:
    """All coalitions, one at a time."""
    n = len(weights)

    def wins(members: frozenset[int]) -> bool:
        weight = sum((weights[i] for i in members), Fraction(0))
        return weight > quota if strictly else weight >= quota

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
