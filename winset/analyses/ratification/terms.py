"""Votes in whole numbers, and popular votes in shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from winset.case.estimate import Chance, Weight
from winset.kernels.ballots import Steps

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_LARGEST = 2**62
_SLACK = 1e-12  # of a share: what rounding may move


def whole_vote(
    weights: Sequence[Fraction], bar: Fraction, *, strictly: bool, of_present: bool
) -> tuple[list[Steps], int]:
    """What each member adds to a tally, and the bar it must reach, in whole numbers.

    With `of_present` the bar is a share of the weight that is there: a yes then adds what it is above that
    share, a no takes away the rest. Raises OverflowError past 62 bits.
    """
    if of_present:
        gains, losses, needed = [w * (1 - bar) for w in weights], [-w * bar for w in weights], Fraction(0)
    else:
        gains, losses, needed = list(weights), [Fraction(0)] * len(weights), bar
    scale = lcm(*(number.denominator for number in (*gains, *losses)))
    yes, no = [int(gain * scale) for gain in gains], [int(loss * scale) for loss in losses]
    common = gcd(*yes, *no) or 1
    needed *= Fraction(scale, common)
    if sum(yes) - sum(no) >= _LARGEST or abs(needed) >= _LARGEST:
        raise OverflowError
    steps = [Steps(a // common, b // common) for a, b in zip(yes, no, strict=True)]
    return steps, floor(needed) + 1 if strictly else ceil(needed)


@dataclass(frozen=True, slots=True)
class Groups:
    """The voters of a popular vote: for each group the place of its faction, its size and its turnout."""

    places: tuple[int, ...]
    sizes: tuple[Weight, ...]
    turnouts: tuple[Chance, ...]


@dataclass(frozen=True, slots=True)
class Poll:
    """The terms of a popular vote; with `refusing` it is the votes against that are counted."""

    name: str
    groups: Groups
    threshold: Fraction
    turnout_quorum: Fraction | None
    approval_quorum: Fraction | None
    each_group: bool
    refusing: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Counted:
    """A popular vote counted n times, shape (n,): the yes share of the votes, the share of voters that took
    part and that said yes, and whether it carries."""

    yes: Floats
    turnout: Floats
    approval: Floats
    carried: Bools


def count(poll: Poll, shares: Floats, sizes: Floats, turnouts: Floats) -> Counted:
    """The vote counted; all of shape (groups, n), `shares` being the yes share of each group's votes."""
    said = 1.0 - shares if poll.refusing else shares
    cast = sizes * turnouts
    voters, votes, for_it = sizes.sum(axis=0), cast.sum(axis=0), (said * cast).sum(axis=0)
    voting = votes > 0
    yes = np.divide(for_it, votes, out=np.zeros_like(votes), where=voting)
    turnout = np.divide(votes, voters, out=np.zeros_like(votes), where=voters > 0)
    approval = np.divide(for_it, voters, out=np.zeros_like(votes), where=voters > 0)
    carried = voting & (yes > float(poll.threshold) + _SLACK)
    if poll.turnout_quorum is not None:
        carried &= turnout >= float(poll.turnout_quorum) - _SLACK
    if poll.approval_quorum is not None:
        carried &= approval >= float(poll.approval_quorum) - _SLACK
    if poll.each_group:
        carried &= (said > float(poll.threshold) + _SLACK).all(axis=0)
    return Counted(yes, turnout, approval, carried)
