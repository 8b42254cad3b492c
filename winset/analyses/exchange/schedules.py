"""One schedule, judged in point mode: everything that is answered about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from winset.analyses.exchange.answers import ScheduleAnswer, Slack, StepAnswer, Stop, Weakest
from winset.analyses.exchange.breakeven import break_evens
from winset.analyses.exchange.carrying import last_steps
from winset.analyses.exchange.completion import Completion, completion, late_by_inability
from winset.analyses.exchange.evaluate import Evaluation, evaluate
from winset.analyses.exchange.guarantee import required_guarantees
from winset.analyses.exchange.rounding import by_name, neat
from winset.analyses.exchange.slip import slips
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source, Terms
from winset.case.exchange import Schedule, Step
from winset.kernels import backward
from winset.kernels.backward import TIE
from winset.space.numbers import Floats


def judge(source: Source, name: str) -> ScheduleAnswer:
    """A schedule of the exchange by its name, at the mode."""
    schedule, terms = source.schedules[name], source.terms()
    steps = outline(terms, source.exchange.schedules[name], source.delivered)
    judged = evaluate(terms, steps)
    ends = completion(judged.game, terms.noise)
    margins = backward.margins(judged.game, judged.values)
    guarantees = required_guarantees(terms, judged)
    edges = judged.movers[np.abs(judged.slack[0]) <= TIE].tolist()
    left = np.flatnonzero(steps.levels[-1] < terms.lots).tolist()
    return ScheduleAnswer(
        title=schedule.title or name,
        steps=_Steps(terms, judged, schedule, margins[0]).answers(),
        enforces_itself=bool(judged.enforces_itself[0]),
        knife_edges=tuple((k + 1, terms.sides[p]) for k, p in edges),
        weakest=_weakest(terms, judged),
        unravels_to=int(judged.carried_out[0]),
        required_guarantee={side: found.required for side, found in guarantees.items()},
        guarantees=guarantees,
        payoffs=by_name(terms.sides, judged.values[0, 0]),
        spe_payoffs=by_name(terms.sides, judged.spe.values[0, 0]),
        stop_now=by_name(terms.sides, judged.game.stop[0, 0]),
        leverage={
            side: tuple(neat(value) for value in judged.game.stop[0, :, p])
            for p, side in enumerate(terms.sides)
        },
        last_steps=last_steps(terms, judged),
        slips=slips(source.exchange, terms, judged),
        break_even=break_evens(source, steps),
        completion=neat(ends.complete[0]),
        stops=_stops(judged, ends),
        inability=neat(late_by_inability(terms.hard, steps.delivers.sum(axis=0))[0]),
        supposes=dict(schedule.package),
        undelivered={terms.obligations[o]: int(terms.lots[o] - steps.levels[-1, o]) for o in left},
    )


def _weakest(terms: Terms, judged: Evaluation) -> Weakest:
    mover = judged.weakest[0]
    k, p = judged.movers[mover].tolist()
    share = judged.shares[0, mover]
    return Weakest(
        k + 1,
        int(judged.steps.days[k]),
        terms.sides[p],
        neat(judged.slack[0, mover]),
        neat(share) if judged.stake[0, p] > TIE else None,
    )


def _stops(judged: Evaluation, ends: Completion) -> tuple[Stop, ...]:
    rows = zip(judged.steps.days, ends.incident[0], ends.kept_back[0], ends.false_alarm[0], strict=True)
    return tuple(Stop(k, int(day), *map(neat, chances)) for k, (day, *chances) in enumerate(rows, start=1))


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """The steps of a schedule that was judged."""

    terms: Terms
    judged: Evaluation
    schedule: Schedule
    margins: Floats

    def answers(self) -> tuple[StepAnswer, ...]:
        return tuple(self._answer(k, step) for k, step in enumerate(self.schedule.steps))

    def _answer(self, k: int, step: Step) -> StepAnswer:
        judged, sides = self.judged, self.terms.sides
        mine = judged.movers[:, 0] == k
        who = [sides[p] for p in judged.movers[mine, 1]]
        margins = self.margins[mine]
        keepers = int(judged.spe.keepers[0, k])
        return StepAnswer(
            day=step.day,
            by=tuple(who),
            kind="escrow" if step.kind == "escrow" else "joint" if len(who) > 1 else "uni",
            does=dict(step.does),
            slack=Slack(by_name(who, judged.slack[0, mine]), by_name(who, judged.spe.slack[0, mine])),
            over_default=by_name(who, margins[:, 0]),
            late=dict(_late(who, margins)),
            hold_up=by_name(sides, judged.values[0, k] - judged.game.stop[0, k]),
            keep_back=tuple(side for j, side in enumerate(who) if keepers >> j & 1),
            days_late=int(judged.spe.days[0, k]),
        )


def _late(who: Sequence[str], margins: Floats) -> Iterator[tuple[str, int]]:
    """By how many days actors would be late for whom that is the best deviation."""
    for side, (default, *late) in zip(who, margins, strict=True):
        least = min(late, default=np.inf)
        if least <= default + TIE:
            yield side, next(days for days, margin in enumerate(late, start=1) if margin <= least + TIE)
