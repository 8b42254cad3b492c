"""The rules that a case states, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from winset.case import rules, table
from winset.case.estimate import Estimate
from winset.case.model import Case


@dataclass(frozen=True, slots=True)
class Stated:
    """A rule of a case, and where it stands; `side` is None for the table's.

    `weights` are those of the voters in a quota without its own.
    """

    path: str
    side: str | None
    rule: rules.Rule
    weights: Mapping[str, Fraction]

    @property
    def members(self) -> tuple[str, ...]:
        """Whose acceptance the rule asks about, as it names them."""
        return rules.members(self.rule, tuple(self.weights))

    @property
    def of_presence(self) -> bool:
        """Whether some vote in it depends on who is present."""
        quotas = [part.quota for _, part in rules.walk(self.rule) if isinstance(part, rules.Quota)]
        return any(terms.of_present or terms.present for terms in quotas)


def stated(case: Case) -> Iterator[Stated]:
    """The rule of every home that has one, then that of the table if it is given."""
    for side, party in case.parties.items():
        if party.ratification is not None:
            weights = table.home_weights(side, party)
            yield Stated(f"parties.{side}.ratification", side, party.ratification, weights)
    if case.table_rule is not None:
        yield Stated("table_rule", None, case.table_rule, table.table_weights(case))


def ranged(case: Case, given: Stated) -> bool:
    """Whether a number that decides who carries the rule has a range."""
    return any(not number.is_point for number in _numbers(case, given))


def _numbers(case: Case, given: Stated) -> Iterator[Estimate]:
    for _, part in rules.walk(given.rule):
        if isinstance(part, rules.Quota):
            terms = part.quota
            yield from (terms.weights or {}).values()
            if terms.at_least is not None:
                yield terms.at_least
            if terms.weights is None and given.side is not None:
                yield from (faction.weight for faction in case.parties[given.side].factions.values())
        elif isinstance(part, rules.Referendum):
            for group in part.referendum.groups:
                yield from (group.size, group.turnout)
