"""Backward induction over a sequence of steps, each carried out or not by those whose step it is.

Many games at once, the first axis; arrays of one game stand for all of them. A step that is not carried out
ends the game, except that it may come some days late. Values are in each party's own points, those at a step
as of its day, what was gained before it left aside.

Ties are equal to 1e-9 and go to what keeps the game going: on time, then the fewest days late, then the
fewest who keep back their part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_ACTORS = 10  # in one step: 1,024 sets of them
TIE = 0.5e-9  # what rounds to 0 in steps of 1e-9


class Parts(NamedTuple):
    """What each actor of a step adds for everybody by its own delivery, to worth and to the value of
    stopping; both (n, actors, P)."""

    worth: Floats
    stop: Floats


@dataclass(frozen=True, eq=False)
class Game:
    """n games of K steps between P parties.

    `gain` (n, K, P): what each step brings; `stop` (n, K + 1, P): what stopping is worth after so many
    steps; `closing` (n, P): what completion is worth; `acts` (K, P): whose step it is; `fine` (n, K, P):
    what an actor loses on average by keeping back its part; `alarm` (n, 1): the chance that a step that was
    carried out is taken for one that was not, which ends the game and costs its actors `guarantee` (n, P);
    `patience` (n, K, P) and `safe` (n, K): what is left by the next step of a point, and the chance that
    nothing ends the game until then, both 1 at the last step. The same for 0, 1, ... days late:
    `late_patience` (n, P, days), `late_safe` (n, K, days); `idle` (n, P): points a day for being late, of
    the parties that might be, `waits` (P,).
    `parts` has the steps at which whoever keeps back its part still gets what the others deliver.
    """

    gain: Floats
    stop: Floats
    closing: Floats
    acts: Bools
    fine: Floats
    alarm: Floats
    guarantee: Floats
    patience: Floats
    safe: Floats
    late_patience: Floats
    late_safe: Floats
    idle: Floats
    waits: Bools
    parts: Mapping[int, Parts]

    @cached_property
    def shape(self) -> tuple[int, int, int]:
        """How many games, steps and parties."""
        arrays = (self.gain, self.closing, self.fine, self.alarm, self.patience, self.safe)
        return max(len(array) for array in (*arrays, self.late_safe, self.idle)), *self.acts.shape

    @cached_property
    def movers(self) -> Ints:
        """Every step with each of its actors, in order; (M, 2)."""
        return np.argwhere(self.acts)

    @cached_property
    def actors(self) -> tuple[Ints, ...]:
        """The actors of each step."""
        return tuple(np.flatnonzero(acts) for acts in self.acts)

    @cached_property
    def at(self) -> tuple[Any, ...]:
        """The same as an index of parties; a slice where one acts alone, which is faster."""
        return tuple(slice(who[0], who[0] + 1) if len(who) == 1 else who for who in self.actors)

    @cached_property
    def certain(self) -> Floats:
        """What carrying out a step is worth less what follows from the next; (n, K, P)."""
        alarm, after = self.alarm[:, None], self.stop[:, 1:]
        ended = (1 - alarm) * self.patience * (1 - self.safe[:, :, None]) * after
        return self.gain + ended + alarm * (after - self.acts * self.guarantee[:, None])

    @cached_property
    def carry(self) -> Floats:
        """How much of what follows from the next step counts at a step; (n, K, P)."""
        carried: Floats = (1 - self.alarm[:, None]) * self.patience * self.safe[:, :, None]
        return carried

    def carried_out(self, k: int, after: Floats) -> Floats:
        """The value of carrying out step k, (n, P), when the next is worth `after` (n, P)."""
        value: Floats = self.certain[:, k] + self.carry[:, k] * after
        return value

    def ends(self, k: int) -> Floats:
        """What it is worth when some of the m actors of step k keep back their parts; (n, 2**m, P).

        Sets of actors are numbers, bit j for the j-th of them; at 0, where nobody does, is what stopping is
        worth once all have delivered.
        """
        n, _, parties = self.shape
        actors = self.actors[k]
        sets = np.arange(2 ** len(actors))
        found = np.empty((n, len(sets), parties))
        found[:] = self.stop[:, k, None]
        for j, actor in enumerate(actors):
            keeps = (sets >> j & 1).astype(bool)
            found[:, keeps, actor] -= self.fine[:, k, actor, None]
            if k in self.parts:
                found[:, ~keeps] += (self.parts[k].worth[:, j] + self.parts[k].stop[:, j])[:, None]
        return found

    @cached_property
    def idling(self) -> Floats:
        """What each party gains by so many days of being late, -inf where it would not be; (n, P, days)."""
        found: Floats = self.idle[:, :, None] * np.arange(self.late_safe.shape[2])
        found[:, ~self.waits, 1:] = -np.inf
        return found

    def timing(self, k: int, value: Floats) -> Floats:
        """What step k is worth to each of its actors by the days it comes late, 0 first; (n, m, days).

        `value` (n, P) is what it is worth on time.
        """
        at, safe = self.at[k], self.late_safe[:, k, None]
        stop = self.stop[:, k, at, None]
        then = stop + safe * (value[:, at, None] - stop)
        days: Floats = self.idling[:, at] + self.late_patience[:, at] * then
        days[:, :, 0] = value[:, at]
        return days

    @cached_property
    def tempted(self) -> Floats:
        """What each party has by keeping back its part of a step when all others deliver; (n, K, P)."""
        found: Floats = self.stop[:, :-1] - self.fine
        for k, parts in self.parts.items():
            given = parts.worth + parts.stop
            others = given.sum(axis=1)[:, None] - given
            who = self.actors[k]
            found[:, k, who] += others[:, range(len(who)), who]
        return found


class Late(NamedTuple):
    """The most that lateness can bring each actor, (n, m), on time included, and how many days that is."""

    best: Floats
    days: Ints


def _latest(timing: Floats) -> Late:
    best = timing.max(axis=2)
    return Late(best, np.argmax(timing >= best[:, :, None] - TIE, axis=2))


def _deviation(tempted: Floats, timing: Floats) -> Floats:
    """The best that each actor has instead of carrying out its step on time; (n, m)."""
    found: Floats = np.maximum(tempted, timing[:, :, 1:].max(axis=2, initial=-np.inf))
    return found


def _delayed(game: Game, k: int, value: Floats, late: Late) -> tuple[Floats, Floats]:
    """What step k is worth to all, (n, P), when it comes as late as the most patient actor of `late` wants,
    who gains by each day; and the chance that it comes at all, (n,)."""
    if not late.days.any():
        return value, np.ones(len(value))
    rows = np.arange(len(value))
    who = np.argmax(late.days, axis=1)
    days = late.days[rows, who]
    safe = np.broadcast_to(game.late_safe[:, k], (len(value), game.late_safe.shape[2]))[rows, days]
    patience = np.broadcast_to(game.late_patience, (len(value), *game.late_patience.shape[1:]))
    found = safe[:, None] * value + (1 - safe[:, None]) * game.stop[:, k]
    found = patience[rows, :, days] * found
    actor = game.actors[k][who]
    found[rows, actor] += np.broadcast_to(game.idle, found.shape)[rows, actor] * days
    return found, safe


# Everybody carries on


def kept(game: Game) -> Floats:
    """What each step is worth when it and all later ones are carried out on time, then completion;
    (n, K + 1, P)."""
    n, steps, parties = game.shape
    values = np.empty((n, steps + 1, parties))
    values[:, steps] = game.closing
    for k in reversed(range(steps)):
        values[:, k] = game.carried_out(k, values[:, k + 1])
    return values


def margins(game: Game, values: Floats) -> Floats:
    """What carrying out a step is worth more than each deviation of each actor: keeping back its part, then
    being 1, 2, ... days late; (n, M, 1 + days), the steps and actors as `movers`."""
    n, steps, _ = game.shape
    found = np.empty((n, len(game.movers), game.late_safe.shape[2]))
    k, who = game.movers.T
    found[:, :, 0] = values[:, k, who] - game.tempted[:, k, who]
    if found.shape[2] > 1:
        ends = np.cumsum([0, *map(len, game.actors)])
        for k in range(steps):
            value = values[:, k]
            late = game.timing(k, value)[:, :, 1:]
            found[:, ends[k] : ends[k + 1], 1:] = value[:, game.at[k], None] - late
    return found


# Everybody does what is best


@dataclass(frozen=True, eq=False, slots=True)
class Perfect:
    """Subgame perfect play. `values` (n, K + 1, P) are what each step is worth if it is reached; `slack`
    (n, M): what carrying it out is worth more than the best deviation; `keepers` (n, K): the set of actors
    who keep back their parts, as a number, 0 for nobody; `days` (n, K): how late the step then comes."""

    values: Floats
    slack: Floats
    keepers: Ints
    days: Ints


def perfect(game: Game) -> Perfect:
    """Subgame perfect play: where several act at once, the pure equilibrium with the fewest who keep back
    their parts, ties by the order of parties; where there is none, all do."""
    n, steps, parties = game.shape
    values = np.empty((n, steps + 1, parties))
    values[:, steps] = game.closing
    slack, keepers, late_days = _slots(game), np.zeros((n, steps), np.int64), np.zeros((n, steps), np.int64)
    for k in reversed(range(steps)):
        value = game.carried_out(k, values[:, k + 1])
        timing, tempted = game.timing(k, value), game.tempted[:, k, game.at[k]]
        slack[k] = value[:, game.at[k]] - _deviation(tempted, timing)
        late, ends = _latest(timing), game.ends(k)
        keepers[:, k] = who = _equilibrium(ends[:, :, game.at[k]], late.best)
        values[:, k], _ = _delayed(game, k, value, late)
        if who.any():
            stops = np.flatnonzero(who)
            values[stops, k] = ends[stops, who[stops]]
        late_days[:, k] = np.where(who == 0, late.days.max(axis=1), 0)
    return Perfect(values, np.concatenate(slack, axis=1), keepers, late_days)


def _slots(game: Game) -> list[Floats]:
    """A place for what is found at each step."""
    return [np.empty((game.shape[0], 0))] * len(game.acts)


@lru_cache
def _in_order(m: int) -> tuple[tuple[int, Ints], ...]:
    """The sets of m actors as numbers, smaller ones and those of earlier actors first, each with the sets
    that differ from it by one actor."""
    sets = (who for size in range(m + 1) for who in combinations(range(m), size))
    numbers = (sum(1 << j for j in who) for who in sets)
    return tuple((who, np.array([who ^ 1 << j for j in range(m)])) for who in numbers)


def _equilibrium(ends: Floats, delivering: Floats) -> Ints:
    """The set of m actors, as a number, who keep back their parts; (n,).

    `ends` (n, 2**m, m) is what they have when a set of them does, `delivering` (n, m) when nobody does.
    """
    m = delivering.shape[1]
    pay = ends.copy()
    pay[:, 0] = delivering
    found = np.full(len(delivering), 2**m - 1, np.int64)
    unsettled = np.ones(len(delivering), bool)
    for who, turned in _in_order(m):
        gains = pay[:, turned, range(m)] - pay[:, who]
        stable = unsettled & (gains <= TIE).all(axis=1)
        found[stable] = who
        unsettled &= ~stable
        if not unsettled.any():
            break
    return found


# Everybody errs a little


@dataclass(frozen=True, eq=False, slots=True)
class Noisy:
    """Play with errors. `values` (n, K + 1, P) as in `Perfect`; `chance` (n, M): that an actor delivers at a
    step, be it late; by step, (n, K): `kept_back`: the chance that not all do, `lapsed`: that the game ends
    while the step is late."""

    values: Floats
    chance: Floats
    kept_back: Floats
    lapsed: Floats


def noisy(game: Game, noise: Floats) -> Noisy:
    """Agent quantal response (McKelvey & Palfrey 1998): an actor delivers, at the time that suits it best,
    with chance 1 / (1 + exp(-d / noise)), d being what this is worth more to it than to keep back its part;
    `noise` (n,), in points.

    All is reckoned with the errors to come; actors of one step err independently, each expecting the others
    to deliver.
    """
    n, steps, parties = game.shape
    values = np.empty((n, steps + 1, parties))
    values[:, steps] = game.closing
    chance = _slots(game)
    kept_back, lapsed = np.empty((n, steps)), np.empty((n, steps))
    for k in reversed(range(steps)):
        value = game.carried_out(k, values[:, k + 1])
        late = _latest(game.timing(k, value))
        chance[k] = logistic(late.best - game.tempted[:, k, game.at[k]], noise[:, None])
        weights = _weights(chance[k])
        delivered, safe = _delayed(game, k, value, late)
        ends = game.ends(k)
        ends[:, 0] = delivered
        values[:, k] = (weights[:, :, None] * ends).sum(axis=1)
        kept_back[:, k] = weights[:, 1:].sum(axis=1)
        lapsed[:, k] = weights[:, 0] * (1 - safe)
    return Noisy(values, np.concatenate(chance, axis=1), kept_back, lapsed)


def _weights(chance: Floats) -> Floats:
    """How likely each set of m actors is to keep back its parts, each delivering with its `chance` (n, m);
    (n, 2**m)."""
    m = chance.shape[1]
    keeps = (np.arange(2**m)[:, None] >> np.arange(m) & 1).astype(bool)
    found: Floats = np.where(keeps, 1 - chance[:, None], chance[:, None]).prod(axis=2)
    return found


def logistic(difference: Floats, noise: Floats) -> Floats:
    """1 / (1 + exp(-difference / noise)); without noise 1, 0, or a half where the difference is 0."""
    sign = np.where(np.abs(difference) <= TIE, 0.0, np.copysign(np.inf, difference))
    scaled = np.divide(difference, noise, out=sign, where=noise > 0)
    small = np.exp(-np.abs(scaled))
    chance: Floats = np.where(scaled >= 0, 1.0, small) / (1 + small)
    return chance


# The days between


def integrated(rates: Floats, starts: Ints, first: Floats, last: Floats) -> Floats:
    """A rate a day that changes on given days, summed up from one day to another.

    `rates` (n, H), each from its day of `starts` (H,), in order, to the next; none before the first.
    `first` and `last` (n, ...) are days. The shape is that of the days.
    """
    until = np.append(starts[1:].astype(float), np.inf)[: len(starts)]
    by_game = (len(rates), *[1] * (first.ndim - 1))
    total: Floats = np.zeros(np.broadcast_shapes(first.shape, last.shape, by_game))
    for h, (begin, end) in enumerate(zip(starts, until, strict=True)):
        days = np.clip(last, begin, end) - np.clip(first, begin, end)
        total = total + rates[:, h].reshape(by_game) * days
    return total
