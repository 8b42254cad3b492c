"""From what is counted of a game to its indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

from winset.analyses.power.indices import Indices, Player
from winset.analyses.power.vote import Vote


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of a game, by player.

    `winning` counts the coalitions that win, `minimal[i][s]` those of s members that have player i and need
    every member (None: not counted); `shapley` are shares of all orders of joining. `veto`: all others lose;
    `alone`: wins by itself.
    """

    winning: int
    swings: Sequence[int]
    shapley: Sequence[Fraction]
    minimal: Sequence[Sequence[int]] | None
    veto: Sequence[bool]
    alone: Sequence[bool]


def indices_of(names: Sequence[str], counts: Counts, vote: Vote | None = None, declined: str = "") -> Indices:
    """Every index of a game that is counted; some coalition must win, and some lose."""
    everything, won = 2 ** len(names), counts.winning
    minimal = None if counts.minimal is None else _shared(counts.minimal)
    players = tuple(
        _player(name, place, counts, None if vote is None else vote.weights[place], minimal)
        for place, name in enumerate(names)
    )
    total = minimal.total if minimal else None
    return Indices(vote, everything, won, Fraction(won, everything), total, players, declined)


def shapley(sizes: Sequence[int]) -> Fraction:
    """The share of all orders in which a player is the one that turns the vote, from its swings by size."""
    n = len(sizes)
    orders = sum(factorial(s) * factorial(n - 1 - s) * count for s, count in enumerate(sizes))
    return Fraction(orders, factorial(n))


@dataclass(frozen=True, slots=True)
class _Minimal:
    """Minimal winning coalitions: all, by player, and the two indices that rest on them."""

    total: int
    holding: list[int]
    holler: list[Fraction]
    deegan: list[Fraction]


def _shared(table: Sequence[Sequence[int]]) -> _Minimal:
    holding = [sum(sizes) for sizes in table]
    memberships = sum(holding)
    shares = [sum((Fraction(n, s) for s, n in enumerate(sizes) if n), Fraction(0)) for sizes in table]
    # Each coalition shares out one, so that the shares of all players come to how many there are.
    total = int(sum(shares))
    holler = [Fraction(count, memberships) for count in holding]
    return _Minimal(total, holding, holler, [share / total for share in shares])


def _player(
    name: str, place: int, counts: Counts, weight: Fraction | None, minimal: _Minimal | None
) -> Player:
    count, everything = counts.swings[place], 2 ** len(counts.swings)
    return Player(
        name=name,
        weight=weight,
        swings=count,
        banzhaf=Fraction(count, sum(counts.swings)),
        absolute=Fraction(2 * count, everything),
        shapley_shubik=counts.shapley[place],
        prevent=Fraction(count, counts.winning),
        initiate=Fraction(count, everything - counts.winning),
        minimal=minimal.holding[place] if minimal else None,
        holler_packel=minimal.holler[place] if minimal else None,
        deegan_packel=minimal.deegan[place] if minimal else None,
        dummy=count == 0,
        veto=counts.veto[place],
        dictator=counts.veto[place] and counts.alone[place],
    )
