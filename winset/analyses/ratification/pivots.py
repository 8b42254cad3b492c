"""Who turns a vote at home: one by one, together, and for how many points.

Pivotality is what a faction's yes instead of its no does to the chance; what a point more for it is worth is
that times the slope of its own chance. A joint pivot is a set whose switch turns the vote at the mode, while
no part of it does: a single pivot may not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification.answers import JointPivot, JointPivots, Pivot
from winset.analyses.ratification.asked import Asked
from winset.analyses.ratification.ballot import SAYS_YES, Ballot, Voice, voices
from winset.analyses.ratification.decided import Circumstances, holds

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_WHOLE = 14  # members of whom every set is looked at; of more, sets of up to three
LARGEST_SET = 3
SHOWN = 12


def pivots(asked: Asked) -> tuple[Pivot, ...]:
    """What each faction that home asks can do to the chance of the one package asked about."""
    home = asked.home
    own = asked.chances([Voice(place) for place in home.members])[:, 0]
    found = []
    for number, place in enumerate(home.members):
        with_it, without = _chance(replace(asked, yes=(place,))), _chance(replace(asked, no=(place,)))
        yes, turns = round(float(own[number]), 6), round(with_it - without, 6)
        found.append(Pivot(home.refs[place], yes, turns, _slope(asked, place)))
    return tuple(sorted(found, key=lambda pivot: -pivot.pivotality))


def _chance(asked: Asked) -> float:
    return float(asked.chances([asked.home.rule])[0, 0])


def _slope(asked: Asked, place: int) -> float | None:
    """What a point more for a faction adds to the chance; None where nothing about it is in doubt."""
    if asked.doubt.noise[place] == 0 or (asked.signed and place == asked.home.signing):
        return None
    points = np.zeros((len(asked.home.refs), 2))
    points[place] = (-0.5, 0.5)
    both = replace(asked, doubt=asked.doubt.of([0, 0]).paid(points))
    less, more = both.chances([asked.home.rule])[0]
    return round(float(more - less), 6)


def joint(asked: Asked, accepts: Bools) -> JointPivots:
    """The sets whose switch turns the vote at the mode, and that hold no smaller one; the nearest first.

    `accepts` (factions,) is what each says to the one package asked about at the mode, the signer yes.
    Factions as voters have the yes shares of the middle of their side's shock.
    """
    home = asked.home
    shares = asked.known.reached(np.zeros(1))[:, SAYS_YES, 0]
    passes = _outcomes(home.rule, accepts[:, None], shares)[0]
    voting = {voice.place for voice in voices(home.rule)} - {home.signing}
    able = [place for place in sorted(voting) if accepts[place] == passes]
    points = np.abs(asked.doubt.worth[:, 0] - asked.doubt.floors[:, -1])
    lines = (asked.doubt.lines[:, :, 0] >= 0).sum(axis=1) * ~accepts
    # Who has the points and refuses all the same refuses for its red lines alone.
    points[~accepts & (asked.doubt.worth[:, 0] >= asked.doubt.floors[:, -1])] = 0
    looked = len(able) if len(able) <= MOST_WHOLE else LARGEST_SET
    sets = list(_minimal(home.rule, accepts, shares, able, looked, passes=bool(passes)))
    found = [
        JointPivot(
            tuple(home.refs[place] for place in chosen),
            round(float(points[list(chosen)].sum()), 6),
            int(lines[list(chosen)].sum()),
        )
        for chosen in sets
    ]
    found.sort(key=lambda pivot: (pivot.lines, pivot.points, len(pivot.factions)))
    return JointPivots(bool(passes), len(found), tuple(found[:SHOWN]), looked < len(able))


def _minimal(
    rule: Ballot, accepts: Bools, shares: Floats, able: list[int], looked: int, *, passes: bool
) -> Iterator[tuple[int, ...]]:
    """The least sets of up to so many that turn it, smaller ones first."""
    known: list[int] = []
    for size in range(1, looked + 1):
        sets = [chosen for chosen in combinations(able, size) if not _holds_one(known, _bits(chosen))]
        if not sets:
            return
        switched = np.repeat(accepts[:, None], len(sets), axis=1)
        for column, chosen in enumerate(sets):
            switched[list(chosen), column] = not passes
        turned = _outcomes(rule, switched, shares) != passes
        fresh = [chosen for chosen, turns in zip(sets, turned, strict=True) if turns]
        known += map(_bits, fresh)
        yield from fresh


def _bits(chosen: tuple[int, ...]) -> int:
    return sum(1 << place for place in chosen)


def _holds_one(known: list[int], chosen: int) -> bool:
    """Whether a set holds one of those known."""
    return any(chosen & one == one for one in known)


def _outcomes(rule: Ballot, accepts: Bools, shares: Floats) -> Bools:
    """Whether the rule holds, factions saying yes as `accepts` (factions, n) has it."""
    reached = np.ones((accepts.shape[0], SAYS_YES + 1, accepts.shape[1]), bool)
    reached[:, SAYS_YES] = accepts
    return holds(rule, reached, Circumstances(np.repeat(shares[:, None], accepts.shape[1], axis=1)))
