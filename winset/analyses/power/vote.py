"""A weighted vote, and how it is read from what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from winset.analyses.power.figures import number
from winset.errors import LimitExceeded, WinsetError, clip

MOST_PLAYERS = 100

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+|\d+/\d+)", re.ASCII)
_LONGEST = 30  # characters of a number


class UnusableRule(WinsetError):
    """A weighted vote that cannot be judged as it is given; says why and the way out."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A weighted vote: passes when the yes weight is at least the quota, or `strictly` more than it."""

    names: tuple[str, ...]
    weights: tuple[Fraction, ...]
    quota: Fraction
    strictly: bool = False

    def __post_init__(self) -> None:
        """UnusableRule for a negative weight, and for a vote that always or never passes."""
        for name, weight in zip(self.names, self.weights, strict=True):
            if weight < 0:
                raise UnusableRule(f"the weight of {name} is {number(weight)}; give 0 or more")
        _refuse_settled(self)

    @property
    def total(self) -> Fraction:
        """The weight of all players."""
        return sum(self.weights, Fraction(0))

    @property
    def bar(self) -> str:
        """What the vote needs, in words."""
        return f"{'more than' if self.strictly else 'at least'} {number(self.quota)} of {number(self.total)}"

    @property
    def anybody(self) -> bool:
        """Whether each of several players with a weight passes it alone."""
        heavy = [weight for weight in self.weights if weight]
        least = min(heavy)
        return len(heavy) > 1 and (least > self.quota if self.strictly else least >= self.quota)

    def scaled(self) -> tuple[list[int], int]:
        """The same vote in the smallest whole numbers: weights, and a quota that must be reached."""
        unit = lcm(*(weight.denominator for weight in self.weights))
        whole = [int(weight * unit) for weight in self.weights]
        common = gcd(*whole)
        bar = self.quota * unit / common
        return [weight // common for weight in whole], floor(bar) + 1 if self.strictly else ceil(bar)


def _refuse_settled(vote: Vote) -> None:
    has = f"a vote that needs {vote.bar}"
    if vote.total == 0:
        raise UnusableRule("no player has any weight; give at least one a weight above 0")
    if vote.quota < 0 or (vote.quota == 0 and not vote.strictly):
        raise UnusableRule(f"{has} always passes, even if all say no; give a quota above 0")
    if vote.quota > vote.total or (vote.quota == vote.total and vote.strictly):
        least = "below" if vote.strictly else "of at most"
        raise UnusableRule(
            f"{has} can never pass, even if all say yes; give a quota {least} {number(vote.total)}"
        )


def refuse_many(players: int) -> None:
    """LimitExceeded for more than 100 players."""
    if players > MOST_PLAYERS:
        raise LimitExceeded(
            f"power indices are counted for up to {MOST_PLAYERS} players, this vote has {players}; "
            "join players who always vote together into one"
        )


def read_vote(quota: str, weights: Sequence[str], names: Sequence[str] = (), *, strictly: bool) -> Vote:
    """A vote from what was typed; players without names are numbered from 1.

    Raises UnusableRule for what cannot be read or judged, LimitExceeded for more than 100 players.
    """
    if not weights:
        raise UnusableRule("a vote needs players; give the weight of each after the quota")
    refuse_many(len(weights))
    called = tuple(clip(name) for name in names) or tuple(f"player {i + 1}" for i in range(len(weights)))
    if len(called) != len(weights):
        raise UnusableRule(
            f"the number of names is {len(called)}, of weights {len(weights)}; "
            "give one for each, in the same order"
        )
    for name in called:
        if not name or called.count(name) > 1:
            fault = f"two players are called '{name}'" if name else "a player has an empty name"
            raise UnusableRule(f"{fault}; give each a name of its own")
    exact = tuple(_read(text, f"the weight of {name}") for name, text in zip(called, weights, strict=True))
    return Vote(called, exact, _read(quota, "the quota"), strictly)


def _read(text: str, what: str) -> Fraction:
    text = text.strip()
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        raise UnusableRule(
            f"{what} is '{clip(text)}'; give a number of up to {_LONGEST} characters, "
            "like 61, 14.5 or 2/3 (options as in winset power --help)"
        )
    over = text.partition("/")[2]
    if over and int(over) == 0:
        raise UnusableRule(f"{what} is '{text}', which divides by 0; give a number like 2/3")
    return Fraction(text)
