"""What stands in the way, counted out set by set and change by change: slow, obvious, from model.md alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction

from tests.twins.agreement import Data, Package, Twin, holds, quantise


class Sticking:
    """Brute force over sets of factions, of acceptances bought, and of changes."""

    def __init__(self, data: Data) -> None:
        self.twin = Twin(data)
        self.factions = list(self.twin.preferences)

    def carries(self, accepting: Iterable[str]) -> bool:
        """Whether all who must consent do when exactly these factions accept."""
        twin, chosen = self.twin, set(accepting)
        yes = {ref: ref in chosen for ref in self.factions}
        consents = {s: yes[twin.signer(s)] and twin.lets(s, yes) for s in twin.sides()}
        return twin.table_holds(consents)

    def accepting(self, package: Package) -> set[str]:
        return {ref for ref in self.factions if self.twin.accepts(ref, package)}

    # blockers

    def blocks(self, chosen: Iterable[str]) -> bool:
        """Whether no package is acceptable even if everybody outside `chosen` accepts everything."""
        outside = set(self.factions) - set(chosen)
        return not any(self.carries(self.accepting(x) | outside) for x in self.twin.packages)

    def blockers(self) -> set[frozenset[str]]:
        """All minimal blocking sets."""
        found: list[frozenset[str]] = []
        for size in range(len(self.factions) + 1):
            for chosen in map(frozenset, itertools.combinations(self.factions, size)):
                if not any(block <= chosen for block in found) and self.blocks(chosen):
                    found.append(chosen)
        return set(found)

    # repair

    def cost(self, ref: str, package: Package) -> Fraction:
        """1 for each point that the walk-away comes down, 10 for each red line lifted."""
        short = max(self.twin.walk_away(ref) - self.twin.utility(ref, package), Fraction(0))
        short = short if quantise(short) else Fraction(0)
        return short + 10 * sum(holds(line, package) for line in self.twin.red_lines(ref).values())

    def price(self, package: Package) -> Fraction | None:
        """The cheapest set of acceptances to buy that carries the package; None where none does."""
        ready = self.accepting(package)
        others = [ref for ref in self.factions if ref not in ready]
        prices = [
            sum((self.cost(ref, package) for ref in bought), Fraction(0))
            for size in range(len(others) + 1)
            for bought in itertools.combinations(others, size)
            if self.carries(ready | set(bought))
        ]
        return min(prices, default=None)

    def repair(self) -> tuple[Fraction, int] | None:
        """The least price of all packages, and how many have it."""
        prices = [price for x in self.twin.packages if (price := self.price(x)) is not None]
        if not prices:
            return None
        least = min(quantise(price) for price in prices)
        return Fraction(least, 10**9), sum(quantise(price) == least for price in prices)

    # changes

    def say(self) -> set[str]:
        """Factions that can matter: somewhere their acceptance alone decides, or a rule names them."""
        return {
            ref
            for ref in self.factions
            for size in range(len(self.factions))
            for others in itertools.combinations([f for f in self.factions if f != ref], size)
            if self.carries({*others, ref}) != self.carries(others)
        }

    def nearest(self, settled: Package) -> tuple[int, int] | None:
        """The fewest settled issues to change into the zone, and how many zone packages do with that."""
        away = [sum(x[issue] != option for issue, option in settled.items()) for x in self.twin.zone]
        return (min(away), away.count(min(away))) if away else None

    def moves(self, package: Package, say: set[str]) -> set[tuple[tuple[str, str], ...]]:
        """Changes of one or two issues that turn a refuser with a say and lose no accepter with one."""
        before = self.accepting(package) & say
        return {
            change
            for change, changed in self._changes(package)
            if not self.twin.forbidden(changed) and before < (self.accepting(changed) & say)
        }

    def _changes(self, package: Package) -> Iterator[tuple[tuple[tuple[str, str], ...], Package]]:
        ones = [(i, o) for i, options in self.twin.issues.items() for o in options if o != package[i]]
        for one in ones:
            yield (one,), {**package, one[0]: one[1]}
        for one, two in itertools.combinations(ones, 2):
            if one[0] != two[0]:
                yield (one, two), {**package, one[0]: one[1], two[0]: two[1]}
