"""The least cost of an acceptance, through the rule trees."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from math import gcd

import numpy as np

from winset.errors import LimitExceeded
from winset.space.formula import ConsentFormula, Formula, Leaf, Threshold, holds
from winset.space.numbers import Ints

# More than any cost; sums of it over all parts of a rule stay within 64 bits.
NEVER = np.int64(2**54)
MAX_SHARED = 12
MAX_BAR = 4_000
CELLS = 4_000_000


def price(formula: ConsentFormula, costs: Mapping[str, Ints]) -> Ints:
    """The least total cost at which the formula holds, for many packages at once; shape (packages,).

    `costs` holds what each member's acceptance costs (0: it accepts as it is). All of a list add up,
    of alternatives the cheapest counts, votes are a knapsack. Factions that stand in several places are
    paid once: those without whom nothing passes always, and of the others each way of buying them is
    tried. NEVER where nothing makes it hold. Raises LimitExceeded with more than 12 such others, or votes
    with more than 4,000 steps of weight.
    """
    everybody = dict.fromkeys(formula.members, 1)
    needed = [ref for ref in formula.shared if not holds(formula.root, {**everybody, ref: 0})]
    shared = [ref for ref in formula.shared if ref not in needed]
    if len(shared) > MAX_SHARED:
        raise LimitExceeded(
            f"{len(shared)} factions stand in several places of the rules, more than the {MAX_SHARED} that "
            "the cheapest repair can weigh; simplify the rules"
        )
    best: Ints | None = None
    for bought in itertools.product((False, True), repeat=len(shared)):
        paid = {ref: costs[ref] for ref, buy in zip(shared, bought, strict=True) if buy}
        paid.update((ref, costs[ref]) for ref in needed)
        given = {
            ref: costs[ref] * 0 if ref in paid else np.where(costs[ref] == 0, 0, NEVER)
            for ref in formula.shared
        }
        total = sum(paid.values(), _price(formula.root, {**costs, **given}))
        best = total if best is None else np.minimum(best, total)
    assert best is not None  # there is always the way of buying nothing
    cheapest: Ints = np.minimum(best, NEVER)
    return cheapest


def _price(formula: Formula, costs: Mapping[str, Ints]) -> Ints:
    if isinstance(formula, Leaf):
        return costs[formula.ref]
    shape = next(iter(costs.values())).shape
    if formula.bar <= 0:
        return np.zeros(shape, np.int64)
    if sum(formula.weights) < formula.bar:
        return np.full(shape, NEVER)
    parts = np.array([_price(part, costs) for part in formula.parts])
    if set(formula.weights) == {1}:
        together: Ints = np.minimum(np.sort(parts, axis=0)[: formula.bar].sum(axis=0), NEVER)
        return together
    return _knapsack(parts, formula)


def _knapsack(parts: Ints, formula: Threshold) -> Ints:
    """The cheapest parts that weigh enough together."""
    step = gcd(*formula.weights)
    weights = [weight // step for weight in formula.weights]
    bar = -(-formula.bar // step)
    if bar > MAX_BAR:
        raise LimitExceeded(
            f"a vote has {bar:,} steps of weight, more than the {MAX_BAR:,} that the cheapest repair can "
            "weigh; round the weights"
        )
    width = max(1, CELLS // (bar + 1))
    pieces = [
        _fill(parts[:, start : start + width], weights, bar) for start in range(0, parts.shape[1], width)
    ]
    return np.concatenate(pieces)


def _fill(parts: Ints, weights: list[int], bar: int) -> Ints:
    least = np.full((bar + 1, parts.shape[1]), NEVER)
    least[0] = 0
    for cost, weight in zip(parts, weights, strict=True):
        if not weight:
            continue
        reached, by = np.minimum(least + cost, NEVER), min(weight, bar)
        least[by:] = np.minimum(least[by:], reached[: bar + 1 - by])
        least[bar] = np.minimum(least[bar], reached[bar - by :].min(axis=0))  # whatever goes past it too
    enough: Ints = least[bar]
    return enough


def bought(formula: ConsentFormula, costs: Mapping[str, int]) -> tuple[str, ...]:
    """Whose acceptance a cheapest way pays for, of one package that has a way."""
    left = {ref: np.array([cost], np.int64) for ref, cost in costs.items()}
    target = price(formula, left)[0]
    for ref in formula.members:
        if left[ref][0] == 0:
            continue
        without = {**left, ref: np.array([NEVER])}
        if price(formula, without)[0] == target:
            left = without
    return tuple(ref for ref in formula.members if 0 < left[ref][0] < NEVER)
