"""A home's rule as a tree of counts and votes over what its factions do, and the chance that it holds.

A faction is in one of four states, each better for the agreement than the one before: it topples, walks out,
says no, says yes. A voice is heard when its faction is at least in some state, or, where refusals are
counted, when it is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification.terms import Poll, whole_vote
from winset.case.estimate import Chance, Weight
from winset.errors import LimitExceeded
from winset.kernels.ballots import Steps, Tally, TooFine

Floats = NDArray[np.float64]

TOPPLES, WALKS_OUT, SAYS_NO, SAYS_YES = range(4)
MOST_TOGETHER = 2**16  # states of those who sit in several bodies, gone through one by one
_AT_ONCE = 500_000  # numbers held at a time: few enough to lie near the processor
_JOINTLY_AT_ONCE = 4_000_000  # where what the shared bring about is worked out anew each time


@dataclass(frozen=True, slots=True)
class Voice:
    """Heard when the faction at this place is at least in `state`; with `refusing`, when it is not."""

    place: int
    state: int = SAYS_YES
    refusing: bool = False


@dataclass(frozen=True)
class Count:
    """Holds when at least `bar` of the parts do."""

    parts: tuple[Ballot, ...]
    bar: int

    @cached_property
    def tally(self) -> Tally:
        """The count as a vote of parts that weigh 1 each."""
        return Tally([Steps(1)] * len(self.parts), self.bar)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in doubt, by the name under which it is drawn; `less` is what is there whatever anybody does."""

    name: str
    needed: Weight
    less: Fraction = Fraction(0)


@dataclass(frozen=True)
class Vote:
    """A weighted vote: holds when the voices heard weigh `bar` (more than it, when `strictly`).

    `chances` are those that a voice is there at all, none where all are. With `of_present` the bar is a
    share of the weight that is there; nobody there decides nothing. `share` is the bar as a share of the
    whole, `drawn` the weights with their doubt, by the names under which they are drawn, `bar_drawn` the
    bar where it is a weight in doubt.
    """

    name: str
    voices: tuple[Voice, ...]
    weights: tuple[Fraction, ...]
    bar: Fraction
    strictly: bool
    of_present: bool = False
    chances: tuple[Chance, ...] = ()
    share: Fraction | None = None
    drawn: tuple[tuple[str, Weight], ...] = ()
    bar_drawn: Bar | None = None

    @property
    def presence(self) -> tuple[float, ...]:
        """The chances that a voice is there, at the mode."""
        return tuple(chance.point for chance in self.chances)

    @cached_property
    def tally(self) -> Tally:
        """The vote in whole numbers; LimitExceeded where it can come out in too many ways."""
        try:
            return Tally(
                *whole_vote(self.weights, self.bar, strictly=self.strictly, of_present=self.of_present)
            )
        except (TooFine, OverflowError):
            raise LimitExceeded(
                f"the weights of a vote ({self.name}) are too fine to be counted; round them"
            ) from None

    def nobody(self) -> float:
        """The chance that nobody with a weight is there, and that an empty meeting would reach the bar."""
        if not self.of_present or self.strictly:
            return 0.0
        here = self.presence or (1.0,) * len(self.voices)
        return math.prod(1.0 - there for there, w in zip(here, self.weights, strict=True) if w)


@dataclass(frozen=True, slots=True)
class Unless:
    """Holds when its part does not."""

    part: Ballot


@dataclass(frozen=True, slots=True)
class Plebiscite:
    """A popular vote, the `number`th of its rule. Its groups vote in shares: their factions are no voices."""

    number: int
    poll: Poll


Ballot = Voice | Count | Vote | Unless | Plebiscite
ALWAYS = Count((), 0)


def parts_of(ballot: Ballot) -> tuple[Ballot, ...]:
    """What a ballot directly asks."""
    match ballot:
        case Count():
            return ballot.parts
        case Vote():
            return ballot.voices
        case Unless():
            return (ballot.part,)
        case _:
            return ()


def walk(ballot: Ballot) -> Iterator[Ballot]:
    """The ballot and all inside it."""
    yield ballot
    for part in parts_of(ballot):
        yield from walk(part)


def voices(ballot: Ballot) -> list[Voice]:
    """Every voice in it, as often as it is asked."""
    return [part for part in walk(ballot) if isinstance(part, Voice)]


def polls(ballot: Ballot) -> list[Poll]:
    """The popular votes in it."""
    return [part.poll for part in walk(ballot) if isinstance(part, Plebiscite)]


def together(ballot: Ballot) -> dict[int, tuple[int, ...]]:
    """Factions asked in more than one place, with the states asked for: they must be looked at jointly."""
    asked: dict[int, list[int]] = {}
    for voice in voices(ballot):
        asked.setdefault(voice.place, []).append(voice.state)
    return {place: tuple(sorted(set(states))) for place, states in asked.items() if len(states) > 1}


def combinations(ballot: Ballot) -> int:
    """How many combinations of states of those asked in several places there are."""
    return math.prod(len(states) + 1 for states in together(ballot).values())


def chance(ballot: Ballot, reached: Floats, carried: Sequence[Floats] = ()) -> Floats:
    """The chance that the ballot holds, factions being independent.

    `reached` (factions, 4, n) is the chance that a faction is at least in a state; `carried` (n,) says of
    each popular vote whether it carries. The answer has shape (n,). Factions asked in several places are
    conditioned on jointly; whoever asks minds `MOST_TOGETHER`.
    """
    shared = together(ballot)
    columns = reached.shape[2]
    most = _JOINTLY_AT_ONCE if shared else _AT_ONCE
    size = max(1, most // (combinations(ballot) * _widest(ballot, shared)))
    total = np.empty(columns)
    for start in range(0, columns, size):
        at = slice(start, start + size)
        total[at] = _jointly(ballot, shared, reached[:, :, at], [held[at] for held in carried])
    return total


def _widest(ballot: Ballot, shared: Mapping[int, tuple[int, ...]]) -> int:
    """How many sums are carried on for every column; votes of none but the shared are the same in all."""
    return max(
        (
            part.tally.width
            for part in walk(ballot)
            if isinstance(part, Count | Vote) and any(voice.place not in shared for voice in voices(part))
        ),
        default=1,
    )


def _jointly(
    ballot: Ballot, shared: dict[int, tuple[int, ...]], reached: Floats, carried: Sequence[Floats]
) -> Floats:
    counts = tuple(len(asked) + 1 for asked in shared.values())
    states = np.indices(counts, np.int8).reshape(len(counts), math.prod(counts)).T
    weight: Floats = np.ones((len(states), reached.shape[2]))
    fixed: dict[int, dict[int, Floats]] = {}
    for column, (place, asked) in enumerate(shared.items()):
        steps = np.vstack([np.ones(reached.shape[2]), *(reached[place, s] for s in asked)])
        shares = steps - np.vstack([steps[1:], np.zeros(reached.shape[2])])
        weight *= shares[states[:, column]]
        fixed[place] = {state: (states[:, column, None] > k).astype(float) for k, state in enumerate(asked)}
    held = _chance(ballot, reached[:, :, None, :], carried, fixed)
    found: Floats = (weight * held).sum(axis=0)
    return found


def _chance(
    ballot: Ballot,
    reached: Floats,
    carried: Sequence[Floats],
    fixed: dict[int, dict[int, Floats]] | None = None,
) -> Floats:
    """The same with every faction asked once, or `fixed`; shape (combinations or 1, n or 1)."""
    match ballot:
        case Voice():
            known = (fixed or {}).get(ballot.place)
            heard = reached[ballot.place, ballot.state] if known is None else known[ballot.state]
            return 1.0 - heard if ballot.refusing else heard
        case Count():
            heard_parts = [_chance(part, reached, carried, fixed) for part in ballot.parts]
            return ballot.tally.passes(heard_parts, heard_parts) if heard_parts else _sure(ballot.bar <= 0)
        case Vote():
            heard_parts = [_chance(voice, reached, carried, fixed) for voice in ballot.voices]
            there = ballot.presence or (1.0,) * len(heard_parts)
            passed = ballot.tally.passes(
                [part * here for part, here in zip(heard_parts, there, strict=True)],
                [(1.0 - part) * here for part, here in zip(heard_parts, there, strict=True)],
            )
            return passed - ballot.nobody()
        case Unless():
            return 1.0 - _chance(ballot.part, reached, carried, fixed)
        case Plebiscite():
            return carried[ballot.number]


def _sure(held: bool) -> Floats:
    return np.full((1, 1), float(held))
