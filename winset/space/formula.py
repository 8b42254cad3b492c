"""The whole consent, table and homes together, as one formula over factions.

Every rule of the case format is monotone: one more acceptance never hurts. So consent is a tree of
"at least this much weight of these", whose leaves are factions, and a rule that counts refusals is
turned into its dual over acceptances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from winset.case import rules, table
from winset.case.rules import exact
from winset.space.build import Space
from winset.space.consent import judges


@dataclass(frozen=True, slots=True)
class Leaf:
    """Holds when the faction accepts."""

    ref: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """Holds when the parts that hold weigh at least `bar`; weights and bar are whole numbers."""

    parts: tuple[Formula, ...]
    weights: tuple[int, ...]
    bar: int


Formula = Leaf | Threshold


@dataclass(frozen=True)
class ConsentFormula:
    """What it takes for a package to be in the zone."""

    root: Formula

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Factions with a say, each once, in the order they are met."""
        return tuple(dict.fromkeys(leaves(self.root)))

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """Factions that stand in more than one place."""
        return tuple(ref for ref, times in Counter(leaves(self.root)).items() if times > 1)


def leaves(formula: Formula) -> Iterator[str]:
    """Factions in the formula, as often as they stand there."""
    if isinstance(formula, Leaf):
        yield formula.ref
    else:
        for part in formula.parts:
            yield from leaves(part)


def all_of(parts: tuple[Formula, ...]) -> Formula:
    """Holds when every part does."""
    return parts[0] if len(parts) == 1 else Threshold(parts, (1,) * len(parts), len(parts))


def holds(formula: Formula, yes: dict[str, Any]) -> Any:
    """Whether the formula holds; `yes` maps factions to 0 or 1, as ints or numpy integer arrays."""
    if isinstance(formula, Leaf):
        return yes[formula.ref]
    weight = sum(w * holds(part, yes) for w, part in zip(formula.weights, formula.parts, strict=True))
    return 1 * (weight >= formula.bar)


def formula_of(space: Space) -> ConsentFormula:
    """The formula of the case in play: the table rule with each side's signer and home in its place."""
    builder = _Builder(space)
    return ConsentFormula(builder.of(table.table_rule(space.case), None, dual=False))


class _Builder:
    def __init__(self, space: Space) -> None:
        self.case = space.case
        self.signers = judges(space)

    def of(self, rule: rules.Rule, side: str | None, *, dual: bool) -> Formula:
        """The rule as a formula; `dual` where it counts refusals, `side` the home it belongs to."""
        match rule:
            case rules.OfFaction():
                return self._member(rule.faction, side)
            case rules.OfParty():
                return self._member(rule.party, side)
            case rules.AllOf():
                return self._count(rule.all_of, len(rule.all_of), side, dual=dual)
            case rules.AnyOf():
                return self._count(rule.any_of, 1, side, dual=dual)
            case rules.AtLeast():
                return self._count(rule.of, rule.at_least, side, dual=dual)
            case rules.NotBlockedBy():
                return self.of(rule.not_blocked_by, side, dual=not dual)
            case rules.Quota():
                return self._quota(rule.quota, side, dual=dual)
            case rules.Referendum():
                return self._referendum(rule.referendum, side, dual=dual)

    def _member(self, name: str, side: str | None) -> Formula:
        """A faction at home, or a whole side at the table: its signer, and its home's rule."""
        if side is not None:
            return Leaf(f"{side}.{name}" if self.case.parties[side].factions else side)
        party = self.case.parties.get(name)
        signs = Leaf(self.signers[name])
        if party is None or party.ratification is None:
            return signs
        return all_of((signs, self.of(party.ratification, name, dual=False)))

    def _count(self, inner: tuple[rules.Rule, ...], bar: int, side: str | None, *, dual: bool) -> Formula:
        parts = tuple(self.of(part, side, dual=dual) for part in inner)
        return Threshold(parts, (1,) * len(parts), len(parts) - bar + 1 if dual else bar)

    def _quota(self, terms: rules.QuotaTerms, side: str | None, *, dual: bool) -> Formula:
        weights, bar, strictly = rules.quota_terms(terms, self._default(side))
        return self._weighted(weights, bar, side, strictly=strictly, dual=dual)

    def _default(self, side: str | None) -> dict[str, Fraction]:
        if side is None:
            return table.table_weights(self.case)
        return table.home_weights(side, self.case.parties[side])

    def _weighted(
        self, weights: dict[str, Fraction], bar: Fraction, side: str | None, *, strictly: bool, dual: bool
    ) -> Formula:
        return _threshold(
            [(self._member(name, side), weight) for name, weight in weights.items()],
            bar,
            strictly=strictly,
            dual=dual,
        )

    def _referendum(self, terms: rules.ReferendumTerms, side: str | None, *, dual: bool) -> Formula:
        sizes = [exact(group.size.point) for group in terms.groups]
        votes = [s * exact(g.turnout.point) for s, g in zip(sizes, terms.groups, strict=True)]
        groups = [self._member(group.faction, side) for group in terms.groups]
        cast, voters = sum(votes, Fraction(0)), sum(sizes, Fraction(0))
        parts = [
            _threshold(
                list(zip(groups, votes, strict=True)), terms.threshold * cast, strictly=True, dual=dual
            )
        ]
        if terms.approval_quorum is not None:
            bar = terms.approval_quorum * voters
            parts.append(_threshold(list(zip(groups, votes, strict=True)), bar, strictly=False, dual=dual))
        if terms.turnout_quorum is not None and cast < terms.turnout_quorum * voters:
            parts.append(_never(dual=dual))
        if terms.each_group:
            each = [] if terms.threshold < 1 else [_never(dual=dual)]
            parts += [*groups, *each]
        return Threshold(tuple(parts), (1,) * len(parts), 1 if dual else len(parts))


def _never(*, dual: bool) -> Formula:
    """What never holds; its dual always does."""
    return Threshold((), (), 0 if dual else 1)


def _threshold(
    parts: list[tuple[Formula, Fraction]], bar: Fraction, *, strictly: bool, dual: bool
) -> Formula:
    """Weight of at least `bar` (more than it, when `strictly`), in whole numbers.

    The dual holds when the weight that is missing does not reach the bar.
    """
    scale = lcm(bar.denominator, *(weight.denominator for _, weight in parts))
    weights = tuple(int(weight * scale) for _, weight in parts)
    needed = int(bar * scale) + (1 if strictly else 0)
    if dual:
        needed = sum(weights) - needed + 1
    return Threshold(tuple(part for part, _ in parts), weights, needed)
