"""Sizes of steps by trying all of them, with slacks from model.md 7 step by step: slow and obvious."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import exp
from random import Random

from tests.twins.lattice import Exchange, State, moved

TINY = 1e-6


@dataclass
class Timed:
    """An exchange whose steps have days and actors, with what time does to it."""

    game: Exchange
    days: list[int]
    actors: list[int]
    may: list[list[int]]  # obligations by step
    discount: list[float]
    hazard: float  # a day
    alarm: float
    stalling: list[float]
    stalls: list[bool]
    grace: int

    def value(self, party: int, k: int, x: State, plan: list[State], bonds: list[float]) -> float:
        """V of a party at step k, with x delivered before."""
        after = moved(x, plan[k])
        change = float(self.game.had(party, after) - self.game.had(party, x))
        stop = float(self.game.stop(party, after))
        if k + 1 == len(plan):
            onward = float(self.game.closing[party])
        else:
            d = self.days[k + 1] - self.days[k]
            stays = exp(-self.hazard * d)
            following = self.value(party, k + 1, after, plan, bonds)
            onward = exp(-self.discount[party] * d) * (stays * following + (1 - stays) * stop)
        lost = bonds[party] if party == self.actors[k] else 0.0
        return (1 - self.alarm) * (change + onward) + self.alarm * (change + stop - lost)

    def slacks(self, k: int, x: State, plan: list[State], bonds: list[float]) -> list[float]:
        """The actor's slack at step k against default and against each stall."""
        actor = self.actors[k]
        value, stop = self.value(actor, k, x, plan, bonds), float(self.game.stop(actor, x))
        chances = [float(self.game.detection[o]) for o in self.may[k]]
        delivered = [float(self.game.detection[o]) for o in self.may[k] if plan[k][o]]
        seen = max(delivered, default=min(chances))
        found = [value - (stop - seen * bonds[actor])]
        for t in range(1, self.grace + 1 if self.stalls[actor] else 0):
            stays = exp(-self.hazard * t)
            late = exp(-self.discount[actor] * t) * (stays * value + (1 - stays) * stop)
            found.append(value - self.stalling[actor] * t - late)
        return found

    def gain(self, party: int, plan: list[State], bonds: list[float]) -> float:
        """What the whole exchange gains a party."""
        return self.value(party, 0, self.game.start, plan, bonds) - float(
            self.game.stop(party, self.game.start)
        )

    def judged(self, plan: list[State], bonds: list[float]) -> tuple[list[float], float] | None:
        """The slack against default at every step as a share of what the whole gains who acts, and the
        smallest such share against being late; None where somebody gains nothing."""
        shares, prompt, x = [], float("inf"), self.game.start
        gains = [self.gain(party, plan, bonds) for party in range(len(bonds))]
        if min(gains[actor] for actor in self.actors) < TINY:
            return None
        for k, actor in enumerate(self.actors):
            default, *late = (slack / gains[actor] for slack in self.slacks(k, x, plan, bonds))
            shares.append(default)
            prompt = min([prompt, *late])
            x = moved(x, plan[k])
        return shares, prompt

    def plans(self) -> Iterator[list[State]]:
        """All ways to deliver whole lots at these steps, prerequisites first."""
        by_obligation = [list(self._spread(o)) for o in range(len(self.game.lots))]
        for spread in product(*by_obligation):
            plan = list(zip(*spread, strict=True))
            if self._allowed(plan):
                yield plan

    def _spread(self, o: int) -> Iterator[tuple[int, ...]]:
        left = self.game.lots[o] - self.game.start[o]
        most = [left if o in may else 0 for may in self.may]
        yield from (lots for lots in product(*(range(m + 1) for m in most)) if sum(lots) == left)

    def _allowed(self, plan: list[State]) -> bool:
        x = self.game.start
        for bundle in plan:
            if not self.game.allowed(x, bundle):
                return False
            x = moved(x, bundle)
        return True


def widest(timed: Timed) -> float | None:
    """The largest smallest slack share over all sizes with which being late does not pay, if there are any."""
    bonds = [float(g) for g in timed.game.guarantee]
    judged = [found for plan in timed.plans() if (found := timed.judged(plan, bonds)) is not None]
    punctual = [shares for shares, prompt in judged if prompt >= -1e-9]
    return max((min(shares) for shares in punctual or (shares for shares, _ in judged)), default=None)


def least_guarantee(timed: Timed, margin: float) -> float | None:
    """The smallest sum of guarantees over all sizes with which every slack keeps a margin; None: none do."""
    for late_may_pay in (False, True):
        needed = (_needed(timed, plan, margin, late_may_pay) for plan in timed.plans())
        totals = [total for total in needed if total is not None]
        if totals:
            return min(totals)
    return None


def _needed(timed: Timed, plan: list[State], margin: float, late_may_pay: bool) -> float | None:
    """The smallest sum of guarantees for one way, party by party: nobody's slack minds another's."""
    needed = [_least(timed, plan, margin, late_may_pay, party) for party in sorted(set(timed.actors))]
    return None if None in needed else sum(total for total in needed if total is not None)


def _least(timed: Timed, plan: list[State], margin: float, late_may_pay: bool, party: int) -> float | None:
    """Whatever must not be negative is a line in the party's guarantee: where the last of them crosses 0."""
    at_0, at_1 = (_lines(timed, plan, margin, late_may_pay, party, bond) for bond in (0.0, 1.0))
    low, high = 0.0, float("inf")
    for zero, one in zip(at_0, at_1, strict=True):
        slope = one - zero
        if abs(slope) < 1e-12:
            high = high if zero >= -1e-9 else -1.0
        elif slope > 0:
            low = max(low, -zero / slope)
        else:
            high = min(high, -zero / slope)
    return low if low <= high + 1e-9 else None


def _lines(
    timed: Timed, plan: list[State], margin: float, late_may_pay: bool, party: int, bond: float
) -> list[float]:
    bonds = [bond if p == party else 0.0 for p in range(len(timed.game.base))]
    gain = timed.gain(party, plan, bonds)
    found, x = [gain - TINY], timed.game.start
    for k, actor in enumerate(timed.actors):
        if actor == party:
            default, *late = timed.slacks(k, x, plan, bonds)
            found += [default, default - margin * gain, *([] if late_may_pay else late)]
        x = moved(x, plan[k])
    return found


def timed(random: Random, game: Exchange, steps: int, *, plain: bool = False) -> Timed:
    """Random days, actors and losses of time for an exchange."""
    while True:
        actors = [random.randrange(len(game.base)) for _ in range(steps)]
        may = [[o for o, giver in enumerate(game.giver) if giver == actor] for actor in actors]
        if {o for obligations in may for o in obligations} == set(range(len(game.lots))):
            break
    days = [0]
    for _ in range(steps - 1):
        days.append(days[-1] + random.randint(1, 20))
    parties = range(len(game.base))
    return Timed(
        game=game,
        days=days,
        actors=actors,
        may=may,
        discount=[0.0 if plain else random.choice((0.0, 0.002, 0.01)) for _ in parties],
        hazard=0.0 if plain else random.choice((0.0, 0.003, 0.01)),
        alarm=0.0 if plain else random.choice((0.0, 0.05)),
        stalling=[0.0 if plain else random.choice((0.0, 0.02)) for _ in parties],
        stalls=[random.random() < 0.7 for _ in parties],
        grace=0 if plain else random.choice((0, 0, 3)),
    )
