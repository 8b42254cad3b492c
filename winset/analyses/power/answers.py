"""The answers of the power analysis, as they are given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from winset.analyses.power.indices import Indices
from winset.analyses.result import Result

Settled = Literal["always", "never"]


@dataclass(frozen=True, slots=True)
class RulePower:
    """The power of every member of a rule, by its reference (`party.faction`, or a side's id).

    `side` is the party whose home it is, None for the table; `rule` says it in words. `indices` is None for
    a rule that is `settled`, passing always or never, and where `declined` says why nothing was counted.
    `presence_left_aside`: the rule depends on who is present, and everybody was taken to be.
    """

    side: str | None
    rule: str
    members: tuple[str, ...]
    presence_left_aside: bool
    settled: Settled | None = None
    declined: str = ""
    indices: Indices | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data; `power` has the form of `winset power --json`."""
        return {
            "side": self.side,
            "rule": self.rule,
            "members": list(self.members),
            "presence_left_aside": self.presence_left_aside,
            "settled": self.settled,
            "declined": self.declined or None,
            "power": None if self.indices is None else self.indices.to_dict(),
        }


@dataclass(frozen=True, kw_only=True)
class PowerResult(Result):
    """Power by the rules alone: `rules` are by their path in the case, homes first, then `table_rule`."""

    rules: Mapping[str, RulePower]

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON-ready data: every number exact as a text beside its nearest float."""
        return {**super().to_dict(), "rules": {path: power.to_dict() for path, power in self.rules.items()}}
