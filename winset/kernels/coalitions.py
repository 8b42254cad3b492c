"""Coalitions of any monotone game, counted by how many members they have: each is looked at.

A game of n players is a row of 2**n truths: coalition `c` holds player i where bit i of `c` is set. Who wins
still wins with more members.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from winset.kernels.votes import Swings

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
T = TypeVar("T", np.bool_, np.uint8)


def swings(wins: Bools) -> Swings:
    """The swings of every player by the size of the coalition it turns, and how many coalitions win."""
    players, sizes = _players(wins), _sizes(wins)
    turned = []
    for player in range(players):
        without, joined = _halves(wins, player)
        turned.append(_counted(_halves(sizes, player)[0], joined & ~without, players))
    return Swings(turned, int(wins.sum()))


def minimal(wins: Bools) -> list[list[int]]:
    """`[i][s]`: coalitions of s members with player i in them that win, and lose without any one of them."""
    players, sizes = _players(wins), _sizes(wins)
    needed = wins.copy()
    for player in range(players):
        _halves(needed, player)[1][...] &= ~_halves(wins, player)[0]
    return [
        _counted(_halves(sizes, player)[1], _halves(needed, player)[1], players + 1)
        for player in range(players)
    ]


def _players(wins: Bools) -> int:
    return len(wins).bit_length() - 1


def _sizes(wins: Bools) -> Bytes:
    """How many members each coalition has."""
    sizes = np.zeros(1, np.uint8)
    for _ in range(_players(wins)):
        sizes = np.concatenate([sizes, sizes + np.uint8(1)])
    return sizes


def _halves(row: NDArray[T], player: int) -> tuple[NDArray[T], NDArray[T]]:
    """Views of the coalitions without a player, and, in the same order, of those that it makes of them."""
    pairs = row.reshape(-1, 2, 1 << player)
    return pairs[:, 0], pairs[:, 1]


def _counted(sizes: Bytes, chosen: Bools, most: int) -> list[int]:
    return [int(count) for count in np.bincount(sizes[chosen], minlength=most)]
