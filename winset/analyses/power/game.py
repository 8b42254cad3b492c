"""A rule of a case as a game: counted by its weights, or coalition by coalition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from winset.analyses.power.counting import one_by_one, power_indices
from winset.analyses.power.indices import Indices
from winset.analyses.power.stated import Stated
from winset.analyses.power.vote import MOST_PLAYERS, Vote, refuse_many
from winset.case import rules
from winset.case.model import Case
from winset.errors import LimitExceeded
from winset.kernels.coalitions import Bools

MOST_GONE_THROUGH = 20  # members: a million coalitions
_SLICE = 1 << 16


@dataclass(frozen=True, slots=True)
class Game:
    """A rule with everybody present: `names` are its members in answers, `members` as it names them."""

    rule: rules.Rule
    names: tuple[str, ...]
    members: tuple[str, ...]
    weights: Mapping[str, Fraction]

    @classmethod
    def of(cls, case: Case, given: Stated) -> Game:
        """The game that a rule of a case is."""
        names = tuple(_ref(case, given.side, member) for member in given.members)
        return cls(_all_present(given.rule), names, given.members, given.weights)

    def holds(self, answer: int) -> bool:
        """Whether it holds when all accept (1), or none does (0)."""
        return bool(rules.holds(self.rule, dict.fromkeys(self.members, answer), self.weights))

    def vote(self) -> Vote | None:
        """The weighted vote that it is, where it is a single quota. It must not be settled."""
        terms = _terms(self.rule, self.weights)
        if terms is None:
            return None
        weights, bar, strictly = terms
        return Vote(self.names, tuple(weights[member] for member in self.members), bar, strictly)

    def wins(self) -> Bools:
        """Which coalitions carry it, shape (2**members,): bit i of a place is set where member i accepts."""
        count = 1 << len(self.members)
        found = np.zeros(count, bool)
        for first in range(0, count, _SLICE):
            coalitions = np.arange(first, min(first + _SLICE, count))
            yes = {member: coalitions >> place & 1 for place, member in enumerate(self.members)}
            found[first : first + _SLICE] = rules.holds(self.rule, yes, self.weights)
        return found

    def indices(self) -> Indices:
        """The power of every member; LimitExceeded where it is not counted. It must not be settled."""
        vote = self.vote()
        if vote is not None:
            return self._of_vote(vote)
        if len(self.members) > MOST_GONE_THROUGH:
            raise LimitExceeded(
                f"the coalitions of {len(self.members)} members are too many to go through, up to "
                f"{MOST_GONE_THROUGH} members can be; a rule written as one quota is counted for up to "
                f"{MOST_PLAYERS}"
            )
        return one_by_one(self.names, self.wins())

    def _of_vote(self, vote: Vote) -> Indices:
        refuse_many(len(vote.names))
        if len(vote.names) > MOST_GONE_THROUGH:
            return power_indices(vote)
        try:
            found = power_indices(vote)
        except LimitExceeded:
            return one_by_one(self.names, self.wins(), vote)
        return one_by_one(self.names, self.wins(), vote) if found.declined else found


def _ref(case: Case, side: str | None, member: str) -> str:
    if side is None or not case.parties[side].factions:
        return member
    return f"{side}.{member}"


def _all_present(rule: rules.Rule) -> rules.Rule:
    """The rule with presence left aside."""
    match rule:
        case rules.Quota():
            terms = rule.quota.model_copy(update={"present": None, "of_present": False})
            return rule.model_copy(update={"quota": terms})
        case rules.AllOf():
            return rule.model_copy(update={"all_of": tuple(map(_all_present, rule.all_of))})
        case rules.AnyOf():
            return rule.model_copy(update={"any_of": tuple(map(_all_present, rule.any_of))})
        case rules.AtLeast():
            return rule.model_copy(update={"of": tuple(map(_all_present, rule.of))})
        case rules.NotBlockedBy():
            return rule.model_copy(update={"not_blocked_by": _all_present(rule.not_blocked_by)})
        case _:
            return rule


def _terms(
    rule: rules.Rule, default: Mapping[str, Fraction]
) -> tuple[dict[str, Fraction], Fraction, bool] | None:
    """Weights, bar, and whether it must be passed, where the rule is a single quota; or else None."""
    match rule:
        case rules.Quota():
            return rules.quota_terms(rule.quota, default)
        case rules.AllOf(all_of=(only,)) | rules.AnyOf(any_of=(only,)) | rules.AtLeast(of=(only,)):
            return _terms(only, default)
        case rules.NotBlockedBy():
            inner = _terms(rule.not_blocked_by, default)
            if inner is None:
                return None
            # Its dual: refusals stay below the bar when the yes weight is more than the rest of the whole.
            weights, bar, strictly = inner
            return weights, sum(weights.values(), Fraction(0)) - bar, not strictly
        case _:
            return None
