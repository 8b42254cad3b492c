"""A phased exchange played out: the whole tree of what can happen, built and solved by itself.

Slow, obvious, written from model.md 7 alone, over the plain data of a case's `exchange` in which every number
is known. What a side has at an end of the tree is added up along the way there, each part discounted to the
root's day; nothing is carried from one step to the one before by a formula.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Data = dict[str, Any]
Pay = tuple[float, ...]  # by side
Levels = dict[str, int]
TIE = 0.5e-9


@dataclass(frozen=True)
class End:
    """It is over, and this is what each has; `how` says why."""

    pay: Pay
    how: Any = None


@dataclass(frozen=True)
class Chance:
    """One of several things happens."""

    branches: tuple[tuple[float, Node], ...]


@dataclass(frozen=True)
class Alone:
    """One side decides: it delivers on time, some days late, or not at all. `unit` is what a point of now is
    worth on the root's day."""

    step: int
    side: int
    unit: float
    times: tuple[Node, ...]
    keeps: Node


@dataclass(frozen=True)
class Together:
    """Several sides decide at once; `times[j]` is what comes of it when the j-th holds up all others by so
    many days, `keeps` what comes of it when a set of them does not deliver."""

    step: int
    sides: tuple[int, ...]
    units: tuple[float, ...]
    times: tuple[tuple[Node, ...], ...]
    keeps: Mapping[tuple[int, ...], Node]


Node = End | Chance | Alone | Together


class Twin:
    """A schedule of an exchange between these sides, as a tree."""

    def __init__(self, exchange: Data, sides: Sequence[str], schedule: str) -> None:
        self.exchange, self.sides = exchange, tuple(sides)
        self.steps: list[Data] = exchange["schedules"][schedule]["steps"]
        self.owed: Data = exchange["obligations"]
        self.levels = [dict.fromkeys(self.owed, 0)]
        for step in self.steps:
            last = self.levels[-1]
            self.levels.append({name: last[name] + step["does"].get(name, 0) for name in self.owed})

    # what things are worth

    def worth(self, side: str, levels: Levels) -> float:
        total = 0.0
        for name, count in levels.items():
            stated = self.owed[name]["worth"].get(side, 0)
            if isinstance(stated, dict):
                total += [0, *stated["cumulative"]][count]
            else:
                total += stated * count / self.owed[name].get("lots", 1)
        return total

    def stop(self, side: str, levels: Levels) -> float:
        """S(x)."""
        fallback = self.exchange.get("fallbacks", {}).get(side, {})
        total = float(fallback.get("base", 0))
        for name, count in levels.items():
            part = count / self.owed[name].get("lots", 1)
            total += fallback.get("moves", {}).get(name, 0) * part
            only = {other: count if other == name else 0 for other in levels}
            total -= self.owed[name].get("reversible", 0) * self.worth(side, only)
        return total

    def of_side(self, key: str, side: str) -> float:
        return float(self.exchange.get(key, {}).get(side, 0))

    def guarantee(self, side: str) -> float:
        given = self.exchange.get("guarantees", {}).get(side, {"points": 0})
        return float(given["points"] * given.get("acts", 1))

    def detection(self, k: int, side: str) -> float:
        """The chance that the most visible thing that a side has to do at a step is missed."""
        watch = self.exchange.get("monitoring", {}).get("detection", 1)
        mine = [name for name in self.steps[k]["does"] if self.owed[name]["by"] == side]
        return max((self.owed[name].get("detection", watch) for name in mine), default=0)

    def peace(self, first: float, last: float) -> float:
        """The chance that no incident comes between two days: day by day, as rates change at midnight."""
        pieces = sorted(self.exchange.get("hazard", []), key=lambda piece: piece["from"])
        total = 0.0
        for day in range(int(first), int(last)):
            total += next((piece["rate"] for piece in reversed(pieces) if piece["from"] <= day), 0)
        return math.exp(-total)

    def fades(self, side: str, days: float) -> float:
        return math.exp(-self.of_side("discount", side) * days)

    # the tree

    def tree(self, k: int, *, committed: bool) -> Node:
        """The game from step k on; `committed`: whoever delivers at step k, all later steps are kept."""
        nothing = tuple(0.0 for _ in self.sides)
        return self._step(k, nothing, tuple(1.0 for _ in self.sides), committed)

    def _step(self, k: int, had: Pay, unit: Pay, committed: bool) -> Node:
        step = self.steps[k]
        actors = tuple(p for p, side in enumerate(self.sides) if side in step["by"])
        late = [self._times(k, p, had, unit, committed) for p in actors]
        keeps = {who: self._kept_back(k, who, had, unit) for who in _sets(actors) if who}
        if len(actors) == 1:
            return Alone(k, actors[0], unit[actors[0]], late[0], keeps[actors])
        return Together(k, actors, tuple(unit[p] for p in actors), tuple(late), keeps)

    def _times(self, k: int, p: int, had: Pay, unit: Pay, committed: bool) -> tuple[Node, ...]:
        """Step k on time, one day late, and so on, because of one side."""
        grace = self.exchange.get("grace", 0) if self.sides[p] in self.exchange.get("stalling", {}) else 0
        found = [self._delivered(k, had, unit, committed)]
        day = self.steps[k]["day"]
        for days in range(1, grace + 1):
            gain = self.of_side("stalling", self.sides[p]) * days
            now = tuple(h + unit[i] * gain * (i == p) for i, h in enumerate(had))
            later = tuple(u * self.fades(s, days) for u, s in zip(unit, self.sides, strict=True))
            over = self._stopped(now, later, self.levels[k], ("incident", k))
            peace = self.peace(day, day + days)
            found.append(Chance(((peace, self._delivered(k, now, later, committed)), (1 - peace, over))))
        return tuple(found)

    def _stopped(self, had: Pay, unit: Pay, levels: Levels, how: Any, lost: Pay | None = None) -> End:
        stop = [self.stop(side, levels) for side in self.sides]
        fines = lost or tuple(0.0 for _ in self.sides)
        return End(tuple(h + u * (s - f) for h, u, s, f in zip(had, unit, stop, fines, strict=True)), how)

    def _received(self, had: Pay, unit: Pay, before: Levels, after: Levels) -> Pay:
        gains = [self.worth(side, after) - self.worth(side, before) for side in self.sides]
        return tuple(h + u * g for h, u, g in zip(had, unit, gains, strict=True))

    def _delivered(self, k: int, had: Pay, unit: Pay, committed: bool) -> Node:
        before, after = self.levels[k], self.levels[k + 1]
        now = self._received(had, unit, before, after)
        fines = tuple(self.guarantee(side) if side in self.steps[k]["by"] else 0.0 for side in self.sides)
        alarm = self.exchange.get("monitoring", {}).get("false_alarm", 0)
        taken_wrong = self._stopped(now, unit, after, ("false_alarm", k), fines)
        return Chance(((alarm, taken_wrong), (1 - alarm, self._goes_on(k, now, unit, committed))))

    def _goes_on(self, k: int, had: Pay, unit: Pay, committed: bool) -> Node:
        if k + 1 == len(self.steps):
            closing = [self.of_side("closing", side) for side in self.sides]
            return End(tuple(h + u * c for h, u, c in zip(had, unit, closing, strict=True)), "complete")
        day, following = self.steps[k]["day"], self.steps[k + 1]["day"]
        later = tuple(u * self.fades(s, following - day) for u, s in zip(unit, self.sides, strict=True))
        peace = self.peace(day, following)
        over = self._stopped(had, later, self.levels[k + 1], ("incident", k + 1))
        rest = self._delivered(k + 1, had, later, True) if committed else self._step(k + 1, had, later, False)
        return Chance(((peace, rest), (1 - peace, over)))

    def _kept_back(self, k: int, who: tuple[int, ...], had: Pay, unit: Pay) -> Node:
        """Some actors of step k do not deliver; each may be seen not to."""
        step, before = self.steps[k], self.levels[k]
        others = {self.sides[p] for p in range(len(self.sides)) if p not in who}
        after = before
        if step.get("kind") != "escrow" and len(step["by"]) > 1:
            moved = {n: c for n, c in step["does"].items() if self.owed[n]["by"] in others}
            after = {name: count + moved.get(name, 0) for name, count in before.items()}
        now = self._received(had, unit, before, after)
        branches: list[tuple[float, Node]] = []
        for seen in _sets(who):
            chance = 1.0
            for p in who:
                seen_alone = self.detection(k, self.sides[p])
                chance *= seen_alone if p in seen else 1 - seen_alone
            fines = tuple(self.guarantee(s) if i in seen else 0.0 for i, s in enumerate(self.sides))
            branches.append((chance, self._stopped(now, unit, after, ("kept_back", k), fines)))
        return Chance(tuple(branches))


def _sets(members: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All subsets, small ones first, then by the order of members."""
    for size in range(len(members) + 1):
        yield from combinations(members, size)


def _mean(branches: Sequence[tuple[float, Pay]]) -> Pay:
    return tuple(math.fsum(p * pay[i] for p, pay in branches) for i in range(len(branches[0][1])))


# Solved


@dataclass(frozen=True)
class Played:
    """What a decision comes to: what each has, who does not deliver, how late it comes, and for each actor,
    in points of that day, what delivering on time is worth more than each other way: not at all, then 1, 2,
    ... days late."""

    pay: Pay
    keepers: tuple[int, ...]
    days: int
    margins: Mapping[int, tuple[float, ...]]


def value(node: Node) -> Pay:
    """What each side has when everybody does what is best from here on."""
    match node:
        case End(pay):
            return pay
        case Chance(branches):
            return _mean([(p, value(then)) for p, then in branches])
        case _:
            return play(node).pay


def play(node: Node) -> Played:
    """A decision by backward induction. Ties: on time, fewer days late, then fewer who do not deliver."""
    if isinstance(node, Alone):
        return _play_alone(node)
    assert isinstance(node, Together)
    return _play_together(node)


def _play_alone(node: Alone) -> Played:
    times, keeps = [value(then) for then in node.times], value(node.keeps)
    mine = [pay[node.side] / node.unit for pay in (*times, keeps)]
    best = next(i for i, have in enumerate(mine) if max(mine) - have <= TIE)
    margins = (mine[0] - mine[-1], *(mine[0] - late for late in mine[1:-1]))
    if best == len(times):
        return Played(keeps, (node.side,), 0, {node.side: margins})
    return Played(times[best], (), best, {node.side: margins})


def _play_together(node: Together) -> Played:
    """A game in which all decide at once, by going through all profiles. Whoever delivers does so at the
    time that suits it best; the one who wants the longest wait sets the day."""
    times = [[value(then) for then in late] for late in node.times]
    keeps = {who: value(then) for who, then in node.keeps.items()}
    days, best, margins = [], {}, {}
    for j, (side, unit) in enumerate(zip(node.sides, node.units, strict=True)):
        mine = [pay[side] / unit for pay in times[j]]
        days.append(next(i for i, have in enumerate(mine) if max(mine) - have <= TIE))
        best[side] = max(mine)
        margins[side] = (mine[0] - keeps[side,][side] / unit, *(mine[0] - late for late in mine[1:]))
    units = dict(zip(node.sides, node.units, strict=True))

    def has(side: int, who: tuple[int, ...]) -> float:
        return keeps[who][side] / units[side] if who else best[side]

    def stable(who: tuple[int, ...]) -> bool:
        other = {s: tuple(sorted(set(who) ^ {s})) for s in node.sides}
        return all(has(s, other[s]) - has(s, who) <= TIE for s in node.sides)

    who = next((who for who in _sets(node.sides) if stable(who)), node.sides)
    if who:
        return Played(keeps[who], who, 0, margins)
    j = days.index(max(days))
    return Played(times[j][days[j]], (), days[j], margins)


def slacks(twin: Twin, *, committed: bool) -> dict[tuple[int, str], float]:
    """By step and actor, what delivering on time is worth more than the best deviation."""
    return {key: min(every) for key, every in margins(twin, committed=committed).items()}


def margins(twin: Twin, *, committed: bool) -> dict[tuple[int, str], tuple[float, ...]]:
    """The same against each deviation."""
    found: dict[tuple[int, str], tuple[float, ...]] = {}
    for k in range(len(twin.steps)):
        played = play(twin.tree(k, committed=committed))
        found |= {(k, twin.sides[p]): every for p, every in played.margins.items()}
    return found


# With errors


def completion(twin: Twin, noise: float) -> dict[Any, float]:
    """The chances of all ends when sides err: each delivers, at the time that suits it best, with a chance
    that depends on how much more that is worth to it, in points of that day, than not delivering."""
    return _noisy(twin.tree(0, committed=False), noise)[1]


def _noisy(node: Node, noise: float) -> tuple[Pay, dict[Any, float]]:
    match node:
        case End(pay, how):
            return pay, {how: 1.0}
        case Chance(branches):
            return _mixed([(p, _noisy(then, noise)) for p, then in branches])
        case Alone():
            return _noisy_alone(node, noise)
        case Together():
            return _noisy_together(node, noise)


def _mixed(branches: Sequence[tuple[float, tuple[Pay, dict[Any, float]]]]) -> tuple[Pay, dict[Any, float]]:
    ends: dict[Any, float] = {}
    for p, (_, then) in branches:
        for how, chance in then.items():
            ends[how] = ends.get(how, 0.0) + p * chance
    return _mean([(p, pay) for p, (pay, _) in branches]), ends


def _logit(difference: float, noise: float) -> float:
    return 1 / (1 + math.exp(-difference / noise))


def _noisy_alone(node: Alone, noise: float) -> tuple[Pay, dict[Any, float]]:
    times, keeps = [_noisy(then, noise) for then in node.times], _noisy(node.keeps, noise)
    best = _best([pay[node.side] / node.unit for pay, _ in times])
    p = _logit((times[best][0][node.side] - keeps[0][node.side]) / node.unit, noise)
    return _mixed([(p, times[best]), (1 - p, keeps)])


def _best(have: list[float]) -> int:
    return next(i for i, one in enumerate(have) if max(have) - one <= TIE)


def _noisy_together(node: Together, noise: float) -> tuple[Pay, dict[Any, float]]:
    times = [[_noisy(then, noise) for then in late] for late in node.times]
    keeps = {who: _noisy(then, noise) for who, then in node.keeps.items()}
    days, chances = [], {}
    for j, (side, unit) in enumerate(zip(node.sides, node.units, strict=True)):
        mine = [pay[side] / unit for pay, _ in times[j]]
        days.append(_best(mine))
        chances[side] = _logit(max(mine) - keeps[side,][0][side] / unit, noise)
    j = days.index(max(days))
    branches = []
    for who in _sets(node.sides):
        p = math.prod(1 - chances[s] if s in who else chances[s] for s in node.sides)
        branches.append((p, keeps[who] if who else times[j][days[j]]))
    return _mixed(branches)
