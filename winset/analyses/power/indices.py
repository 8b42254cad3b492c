"""Power indices of a simple game, by player: exact.

Banzhaf (Penrose 1946, Banzhaf 1965), Shapley & Shubik (1954) and Coleman (1971) count swings; Holler &
Packel (1983) and Deegan & Packel (1978) count minimal winning coalitions. Shares are exact fractions, 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from winset.analyses.power.vote import Vote

INDICES_VERSION = 1


@dataclass(frozen=True, slots=True)
class Player:
    """The power of one player.

    `swings` are the coalitions that lose without it and win with it; `weight` is None where the rule is no
    weighted vote, `holler_packel` and `deegan_packel` where minimal winning coalitions were not counted.
    """

    name: str
    weight: Fraction | None
    swings: int
    banzhaf: Fraction
    absolute: Fraction
    shapley_shubik: Fraction
    prevent: Fraction
    initiate: Fraction
    minimal: int | None
    holler_packel: Fraction | None
    deegan_packel: Fraction | None
    dummy: bool
    veto: bool
    dictator: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data: every number exact as a text beside its nearest float."""
        return {
            "name": self.name,
            "weight": _json(self.weight),
            "swings": _json(self.swings),
            "banzhaf": _json(self.banzhaf),
            "banzhaf_absolute": _json(self.absolute),
            "shapley_shubik": _json(self.shapley_shubik),
            "coleman_prevent": _json(self.prevent),
            "coleman_initiate": _json(self.initiate),
            "minimal_winning": _json(self.minimal),
            "holler_packel": _json(self.holler_packel),
            "deegan_packel": _json(self.deegan_packel),
            "dummy": self.dummy,
            "veto": self.veto,
            "dictator": self.dictator,
        }


@dataclass(frozen=True, slots=True)
class Indices:
    """The power of all players, in the order given; `declined` says why some of it was not counted.

    `vote` is None where the rule is no weighted vote.
    """

    vote: Vote | None
    coalitions: int
    winning: int
    act: Fraction
    minimal: int | None
    players: tuple[Player, ...]
    declined: str = ""

    @property
    def clashes(self) -> bool:
        """Whether a yes and its contrary could both pass: then more than half of all coalitions win."""
        return 2 * self.winning > self.coalitions

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data: every number exact as a text beside its nearest float."""
        return {
            "version": INDICES_VERSION,
            "rule": _rule(self.vote),
            "coalitions": {
                "all": _json(self.coalitions),
                "winning": _json(self.winning),
                "minimal_winning": _json(self.minimal),
            },
            "coleman_act": _json(self.act),
            "players": [player.to_dict() for player in self.players],
            "declined": self.declined or None,
        }


def _rule(vote: Vote | None) -> dict[str, Any] | None:
    if vote is None:
        return None
    return {
        "comparison": "more_than" if vote.strictly else "at_least",
        "quota": _json(vote.quota),
        "total": _json(vote.total),
    }


def _json(value: Fraction | int | None) -> dict[str, str | float] | None:
    return None if value is None else {"exact": str(value), "value": float(value)}
