"""Two ways of counting a game: by weights, and coalition by coalition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from winset.analyses.power.counts import Counts, indices_of, shapley
from winset.analyses.power.indices import Indices
from winset.analyses.power.vote import Vote
from winset.analyses.wording import counted
from winset.errors import LimitExceeded
from winset.kernels import coalitions, votes

MOST_FOR_MINIMAL = 30


def power_indices(vote: Vote) -> Indices:
    """Every index of the vote, by its weights; LimitExceeded where its numbers have too many digits."""
    weights, quota = vote.scaled()
    heavy = [place for place, weight in enumerate(weights) if weight]
    carried = [weights[place] for place in heavy]
    if votes.swing_cells(carried, quota) > votes.LARGEST:
        raise LimitExceeded(
            f"in whole numbers the weights of this vote come to {_size(sum(carried))}, too many to count "
            f"{counted(len(carried), 'player')} by; round weights and quota to fewer digits"
        )
    by_size, winning = votes.swings(carried, quota)
    # Who has no weight doubles the coalitions, and turns none.
    idle = 2 ** (len(weights) - len(heavy))
    swings, orders = [0] * len(weights), [Fraction(0)] * len(weights)
    for place, sizes in zip(heavy, by_size, strict=True):
        swings[place] = sum(sizes) * idle
        orders[place] = shapley(sizes)
    declined = _declined(carried, quota, len(weights))
    minimal = None if declined else _minimal(weights, heavy, quota)
    veto = [sum(weights) - weight < quota for weight in weights]
    alone = [weight >= quota for weight in weights]
    counts = Counts(winning * idle, swings, orders, minimal, veto, alone)
    return indices_of(vote.names, counts, vote, declined)


def _declined(carried: Sequence[int], quota: int, players: int) -> str:
    """Why minimal winning coalitions are not counted, or nothing where they are."""
    if players > MOST_FOR_MINIMAL:
        return (
            f"Holler-Packel and Deegan-Packel are counted for up to {MOST_FOR_MINIMAL} players, this vote "
            f"has {players}; for them, join players who always vote together into one."
        )
    if votes.minimal_cells(carried, quota) > votes.LARGEST_MINIMAL:
        return (
            f"Holler-Packel and Deegan-Packel are not counted: in whole numbers the quota is {_size(quota)}; "
            "for them, round weights and quota to fewer digits."
        )
    return ""


def _minimal(weights: Sequence[int], heavy: Sequence[int], quota: int) -> list[list[int]]:
    table: list[list[int]] = [[] for _ in weights]
    for place, sizes in zip(heavy, votes.minimal([weights[i] for i in heavy], quota), strict=True):
        table[place] = sizes
    return table


def _size(whole: int) -> str:
    return f"{whole:,}" if whole < 10**15 else f"a number of {len(str(whole))} digits"


def one_by_one(names: Sequence[str], wins: coalitions.Bools, vote: Vote | None = None) -> Indices:
    """Every index of a monotone game, given who wins; `vote` is the weighted vote that it is, if it is one.

    `wins` has shape (2**players,): coalition `c` holds player i where bit i of `c` is set. The empty one
    must lose and the whole one win.
    """
    by_size, winning = coalitions.swings(wins)
    everybody = len(wins) - 1
    counts = Counts(
        winning,
        [sum(sizes) for sizes in by_size],
        [shapley(sizes) for sizes in by_size],
        coalitions.minimal(wins),
        [not wins[everybody ^ 1 << place] for place in range(len(names))],
        [bool(wins[1 << place]) for place in range(len(names))],
    )
    return indices_of(names, counts, vote)
