"""Slacks as linear forms in what is delivered by when, and in the guarantees.

The recursion is that of model.md 7 for steps of one actor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from winset.analyses.exchange.deliveries import Deliveries, Turn
from winset.analyses.exchange.stakes import Stakes
from winset.space.numbers import Floats, Ints


@dataclass(frozen=True, eq=False, slots=True)
class Forms:
    """Forms over unknowns: what is delivered by a turn, then guarantees, then flags, which are 0 or 1.

    `levels` (K + 1, O): lots delivered before each turn and at the end. `held` (K): what the actor of each
    turn has more than by default, `whose` (K,) is its place among `givers`; `prompt` and `stalling` (rows):
    the same for every number of days that an actor might be late. `gain` (givers): V(1) - S(0). `kept`
    (rows): what is to be at least 0. `exact`: nothing that a turn may deliver is more visible than the rest.
    """

    levels: Floats
    held: Floats
    whose: Ints
    prompt: Floats
    stalling: Ints
    gain: Floats
    kept: Floats
    givers: Ints
    cuts: int
    flags: int
    exact: bool

    @property
    def unknowns(self) -> int:
        """How many there are."""
        return self.cuts + len(self.givers) + self.flags

    @property
    def guarantees(self) -> slice:
        """Where the guarantees stand among the unknowns, in the order of `givers`."""
        return slice(self.cuts, self.cuts + len(self.givers))


def forms(stakes: Stakes, turns: Sequence[Turn], *, whole: bool) -> Forms:
    """The forms of an exchange whose steps are these turns, by day. Raises as `Deliveries.of` does."""
    given = Deliveries.of(stakes, turns, whole=whole)
    givers = np.array(sorted({turn.giver for turn in turns}), np.int64)
    waiting = {need.obligation for need in stakes.waiting}
    flags = sum(o in waiting for turn in turns for o in turn.may)
    cuts, unknowns = given.cuts, given.cuts + len(givers) + flags
    delivered = given.delivered(unknowns)
    levels = _levels(stakes, delivered, (len(turns) + 1, len(stakes.lots), unknowns + 1))
    whose = np.array([int(np.searchsorted(givers, turn.giver)) for turn in turns])
    worth, stops = _worth_and_stops(given, delivered, levels)
    values = _values(stakes, turns, np.diff(worth, axis=0), stops, cuts + whose)
    prompt, late = _prompt(stakes, turns, values, stops)
    waits = _waited(stakes, turns, levels, unknowns - flags)
    return Forms(
        levels=levels,
        held=_held(stakes, turns, values, stops, cuts + whose),
        whose=whose,
        prompt=prompt,
        stalling=whose[late],
        gain=(values[0] - stops[0])[givers],
        kept=np.concatenate([*(_rising(given, o, rows) for o, rows in delivered.items()), waits]),
        givers=givers,
        cuts=cuts,
        flags=flags,
        exact=all(len({float(stakes.detection[o]) for o in turn.may}) <= 1 for turn in turns),
    )


def _levels(stakes: Stakes, delivered: dict[int, Floats], shape: tuple[int, int, int]) -> Floats:
    """Lots delivered before each turn and at the end, (K + 1, O, form)."""
    levels = np.zeros(shape)
    levels[:, :, -1] = stakes.delivered
    for o, rows in delivered.items():
        levels[:, o] += rows.sum(axis=1)
    return levels


def _worth_and_stops(
    given: Deliveries, delivered: dict[int, Floats], levels: Floats
) -> tuple[Floats, Floats]:
    """What is worth how much so far, beyond the start, and what stopping is; both (K + 1, P, form)."""
    stakes = given.stakes
    stops = np.einsum("po,kof->kpf", stakes.moves / stakes.lots, levels)
    gone = zip(stakes.worth, stakes.delivered, stakes.reversible, strict=True)
    stops[:, :, -1] += stakes.base - sum(share * worth[:, x] for worth, x, share in gone)
    total = np.zeros_like(stops)
    for o, rows in delivered.items():
        worth = np.einsum("pr,krf->kpf", given.worth_of(o), rows)
        total += worth
        stops -= stakes.reversible[o] * worth
    return total, stops


def _values(stakes: Stakes, turns: Sequence[Turn], gains: Floats, stops: Floats, bonds: Ints) -> Floats:
    """V at each turn, (K, P, form); the guarantee of who acts stands at `bonds`."""
    onward = np.zeros_like(stops[0])
    onward[:, -1] = stakes.closing
    alarm, values = stakes.false_alarm, np.empty_like(gains)
    for k in reversed(range(len(turns))):
        if k + 1 < len(turns):
            onward = _continued(stakes, values[k + 1], stops[k + 1], turns[k].day, turns[k + 1].day)
        values[k] = gains[k] + (1 - alarm) * onward + alarm * stops[k + 1]
        values[k, turns[k].giver, bonds[k]] -= alarm
    return values


def _continued(stakes: Stakes, value: Floats, stop: Floats, first: int, last: int) -> Floats:
    """What is to come on a day, seen from an earlier one; the rows are all parties'."""
    stays = exp(-stakes.hazard(first, last))
    later = np.exp(-stakes.discount * (last - first))[:, None]
    return np.asarray(later * (stays * value + (1 - stays) * stop))


def _held(stakes: Stakes, turns: Sequence[Turn], values: Floats, stops: Floats, bonds: Ints) -> Floats:
    """What the actor of each turn has more than by default, (K, form).

    A default is seen with the chance of the most visible thing in the step. What that will be is not known
    yet: the least visible that may be stands in for it, so that no step is thought safer than it is.
    """
    rows = np.array([values[k, turn.giver] - stops[k, turn.giver] for k, turn in enumerate(turns)])
    rows[np.arange(len(turns)), bonds] += [min(float(stakes.detection[o]) for o in t.may) for t in turns]
    return rows


def _prompt(stakes: Stakes, turns: Sequence[Turn], values: Floats, stops: Floats) -> tuple[Floats, list[int]]:
    """What the actor of a turn has more than by being 1, 2, ... days late, where it might; and the turns."""
    rows, late = [np.empty((0, values.shape[2]))], []
    for k, turn in enumerate(turns):
        for days in range(1, stakes.grace + 1 if stakes.stalls[turn.giver] else 0):
            then = _continued(stakes, values[k], stops[k], turn.day, turn.day + days)[turn.giver]
            row = values[k, turn.giver] - then
            row[-1] -= stakes.stalling[turn.giver] * days
            rows.append(row[None])
            late.append(k)
    return np.concatenate(rows), late


def _rising(given: Deliveries, o: int, rows: Floats) -> Floats:
    """Nothing is taken back; and of lots that are an unknown each, the first comes first."""
    steps = np.diff(rows, axis=0)[[*given.open(o), given.last[o]]]
    ranks = rows[[k + 1 for k in given.open(o)]]
    return np.concatenate([each.reshape(-1, rows.shape[2]) for each in (steps, -np.diff(ranks, axis=1))])


def _waited(stakes: Stakes, turns: Sequence[Turn], levels: Floats, flag: int) -> Floats:
    """Nothing is delivered unless its flag is up, and the flag is up only where what it waits for came."""
    rows = [np.empty((0, levels.shape[2]))]
    for k, turn in enumerate(turns):
        for o in turn.may:
            needs = [need for need in stakes.waiting if need.obligation == o]
            if not needs:
                continue
            up = np.zeros(levels.shape[2])
            up[flag] = 1.0
            rows.append((stakes.lots[o] * up - (levels[k + 1, o] - levels[k, o]))[None])
            rows += [(levels[k, need.of] - need.lots * up)[None] for need in needs]
            flag += 1
    return np.concatenate(rows)
