"""A schedule as arrays, and the game that it makes of an exchange's terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.analyses.exchange.remaining import remaining
from winset.analyses.exchange.terms import Terms
from winset.case.exchange import Schedule
from winset.errors import LimitExceeded
from winset.kernels.backward import MOST_ACTORS, Game, Parts, integrated
from winset.space.numbers import Floats, Ints

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Outline:
    """K steps in order: `days` (K,) from the start, never falling; `acts` (K, P): who acts; `delivers`
    (K, O): how many lots; `escrow` (K,): nothing moves unless all deliver; `start` (O,): lots delivered
    before."""

    days: Ints
    acts: Bools
    delivers: Ints
    escrow: Bools
    start: Ints

    @cached_property
    def levels(self) -> Ints:
        """Lots delivered after 0, 1, ... all steps; (K + 1, O)."""
        return np.concatenate([self.start[None], self.start + self.delivers.cumsum(axis=0)])

    @property
    def exposed(self) -> Bools:
        """The steps at which several act at once without escrow; (K,)."""
        return np.asarray((self.acts.sum(axis=1) > 1) & ~self.escrow)


def outline(terms: Terms, schedule: Schedule, delivered: Mapping[str, int] | None = None) -> Outline:
    """What remains of a schedule after what was `delivered`, lots by obligation.

    Raises LimitExceeded for a step at which more than 10 act at once.
    """
    place = {name: o for o, name in enumerate(terms.obligations)}
    start = np.zeros(len(place), np.int64)
    for name, count in (delivered or {}).items():
        start[place[name]] = count
    givers = {name: terms.sides[terms.giver[o]] for name, o in place.items()}
    steps = remaining(schedule, delivered or {}, givers).steps
    lots = np.zeros((len(steps), len(place)), np.int64)
    for k, step in enumerate(steps):
        if len(step.by) > MOST_ACTORS:
            raise LimitExceeded(
                f"step {k + 1} has {len(step.by)} sides act at once, more than {MOST_ACTORS}; split it"
            )
        for name, count in step.does.items():
            lots[k, place[name]] = count
    return Outline(
        days=np.array([step.day for step in steps], np.int64),
        acts=np.array([[side in step.by for side in terms.sides] for step in steps], bool).reshape(
            len(steps), len(terms.sides)
        ),
        delivers=lots,
        escrow=np.array([step.kind == "escrow" for step in steps], bool),
        start=start,
    )


def game(terms: Terms, steps: Outline, days: Ints | None = None) -> Game:
    """The game of carrying out these steps; `days` (n, K) in place of theirs."""
    gain, stop, parts = _deliveries(terms, steps)
    dates = (steps.days[None] if days is None else days).astype(float)
    following = np.concatenate([dates[:, 1:], dates[:, -1:]], axis=1)
    late = np.arange(terms.grace + 1.0)
    hazard = integrated(terms.rates, terms.starts, dates, following)
    late_hazard = integrated(terms.rates, terms.starts, dates[:, :, None], dates[:, :, None] + late)
    return Game(
        gain=gain,
        stop=stop,
        closing=terms.closing,
        acts=steps.acts,
        fine=_detection(terms, steps) * terms.guarantee[:, None],
        alarm=terms.false_alarm[:, None],
        guarantee=terms.guarantee,
        patience=np.exp(-terms.discount[:, None] * (following - dates)[:, :, None]),
        safe=np.exp(-hazard),
        late_patience=np.exp(-terms.discount[:, :, None] * late),
        late_safe=np.exp(-late_hazard),
        idle=terms.stalling,
        waits=terms.stalls,
        parts=parts,
    )


def _deliveries(terms: Terms, steps: Outline) -> tuple[Floats, Floats, dict[int, Parts]]:
    """What each step brings, (n, K, P), what stopping is worth after 0, 1, ... steps, (n, K + 1, P), and
    what each actor adds where several are exposed."""
    n = max(len(array) for array in (*terms.curves, terms.reversible, terms.base, terms.moves))
    gain = np.zeros((n, *steps.acts.shape))
    stop = np.zeros((n, len(steps.acts) + 1, len(terms.sides)))
    stop[:, 0] = fallback(terms, steps.start) - claw_back(terms, steps.start)
    exposed = steps.exposed
    parts = {k: _no_parts(n, steps.acts[k]) for k in np.flatnonzero(exposed).tolist()}
    for k, o in np.argwhere(steps.delivers).tolist():
        first, last = steps.levels[k, o], steps.levels[k + 1, o]
        worth = terms.of_lots(o, last) - terms.of_lots(o, first)
        moved = terms.moves[:, :, o] * ((last - first) / terms.lots[o])
        moved = moved - terms.reversible[:, o, None] * worth
        gain[:, k] += worth
        stop[:, k + 1] += moved
        if exposed[k] and steps.acts[k, terms.giver[o]]:
            actor = steps.acts[k, : terms.giver[o]].sum()
            parts[k].worth[:, actor] += worth
            parts[k].stop[:, actor] += moved
    return gain, stop.cumsum(axis=1), parts


def _no_parts(n: int, acts: Bools) -> Parts:
    shape = (n, int(acts.sum()), len(acts))
    return Parts(np.zeros(shape), np.zeros(shape))


def fallback(terms: Terms, levels: Ints) -> Floats:
    """W: what stopping brings when so many lots of each obligation, (O,), were delivered, nothing being taken
    back; (n, P)."""
    total = terms.base
    for o in np.flatnonzero(levels).tolist():
        total = total + terms.moves[:, :, o] * (levels[o] / terms.lots[o])
    return total


def claw_back(terms: Terms, levels: Ints) -> Floats:
    """What each loses of so many lots of each obligation, (O,), when what can be taken back is; (n, P)."""
    total: Floats = np.zeros_like(terms.base)
    for o in np.flatnonzero(levels).tolist():
        total = total + terms.reversible[:, o, None] * terms.of_lots(o, levels[o])
    return total


def _detection(terms: Terms, steps: Outline) -> Floats:
    """The chance that it is seen when somebody keeps back its part of a step: that of the most visible thing
    in it; (n, K, P)."""
    found = np.zeros((len(terms.detection), *steps.acts.shape))
    for k, o in np.argwhere(steps.delivers).tolist():
        giver = terms.giver[o]
        found[:, k, giver] = np.maximum(found[:, k, giver], terms.detection[:, o])
    return found
