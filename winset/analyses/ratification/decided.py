"""A home's rule decided when it is known what everybody does, in many draws at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification.ballot import Ballot, Count, Plebiscite, Unless, Voice, Vote
from winset.analyses.ratification.terms import Counted, count

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SLACK = 1e-9  # of a weight: what adding up may move


@dataclass(frozen=True, eq=False, slots=True)
class Circumstances:
    """What is drawn beside what factions do, by the name of a vote: `weights`, `there` (whether a voice is
    present), and of a popular vote `sizes` and `turnouts`, each (members, n); `bars` (n,) are those in doubt;
    `shares` (factions, n) are the yes shares of the factions as voters. A vote without an entry is as the
    case has it at the mode."""

    shares: Floats
    weights: dict[str, Floats] = field(default_factory=dict)
    there: dict[str, Bools] = field(default_factory=dict)
    sizes: dict[str, Floats] = field(default_factory=dict)
    turnouts: dict[str, Floats] = field(default_factory=dict)
    bars: dict[str, Floats] = field(default_factory=dict)


def holds(ballot: Ballot, reached: Bools, drawn: Circumstances) -> Bools:
    """Whether the ballot holds, shape (n,); `reached` (factions, 4, n): whether a faction is at least in a
    state."""
    match ballot:
        case Voice():
            heard: Bools = reached[ballot.place, ballot.state]
            return ~heard if ballot.refusing else heard
        case Count():
            parts = [holds(part, reached, drawn) for part in ballot.parts]
            met = np.sum(parts, axis=0) if parts else np.zeros(reached.shape[2], np.int64)
            return np.asarray(met >= ballot.bar)
        case Vote():
            said = [holds(voice, reached, drawn) for voice in ballot.voices]
            return _vote(ballot, np.array(said, bool).reshape(len(said), reached.shape[2]), drawn)
        case Unless():
            return ~holds(ballot.part, reached, drawn)
        case Plebiscite():
            return polled(ballot, drawn).carried


def _vote(vote: Vote, heard: Bools, drawn: Circumstances) -> Bools:
    given = np.array([float(weight) for weight in vote.weights])[:, None]
    weights = drawn.weights.get(vote.name, given)
    there = drawn.there.get(vote.name, _at_the_mode(vote))
    present: Floats = (weights * there).sum(axis=0)
    if vote.of_present:
        bar: Floats | float = float(vote.bar) * present
    elif vote.share is not None:
        bar = float(vote.share) * weights.sum(axis=0)
    else:
        bar = drawn.bars.get(vote.name, float(vote.bar))
    said: Floats = (weights * there * heard).sum(axis=0)
    slack = _SLACK * max(1.0, float(weights.sum(axis=0).max()))
    passed = said > bar + slack if vote.strictly else said >= bar - slack
    return np.asarray(passed & (present > 0) if vote.of_present else passed)


def _at_the_mode(vote: Vote) -> Bools:
    """Who is there at the mode, shape (voices, 1)."""
    counts = [chance.counts for chance in vote.chances] or [True] * len(vote.voices)
    return np.array(counts, bool)[:, None]


def polled(ballot: Plebiscite, drawn: Circumstances) -> Counted:
    """A popular vote counted in every draw."""
    poll, groups = ballot.poll, ballot.poll.groups
    n = drawn.shares.shape[1]
    sizes = drawn.sizes.get(poll.name, np.repeat([[s.point] for s in groups.sizes], n, axis=1))
    turnouts = drawn.turnouts.get(poll.name, np.repeat([[t.point] for t in groups.turnouts], n, axis=1))
    return count(poll, drawn.shares[list(groups.places)], sizes, turnouts)
