"""A designed schedule with its certificate: what the evaluation, which knows of no design, says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from winset.analyses.exchange.dating import Days
from winset.analyses.exchange.designs import Certificate, Designed, DesignedStep
from winset.analyses.exchange.evaluate import evaluate
from winset.analyses.exchange.rounding import by_name, neat
from winset.analyses.exchange.stakes import Stakes
from winset.analyses.exchange.steps import Outline
from winset.analyses.exchange.terms import Terms
from winset.kernels import backward
from winset.kernels.backward import TIE
from winset.space.numbers import Floats


@dataclass(frozen=True, slots=True)
class Drafted:
    """A step that was worked out: the day, who delivers, and lots by obligation, all by their places."""

    day: int
    giver: int
    lots: dict[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Office:
    """Where drafts get their certificates: the terms, in point mode, what was delivered before, the windows
    of days, and the margin asked for."""

    terms: Terms
    stakes: Stakes
    days: Days
    margin: float

    def designed(self, title: str, steps: Sequence[Drafted], guarantee: Floats, *, proven: bool) -> Designed:
        """A draft as a schedule, judged at these guarantees (P,)."""
        terms = replace(self.terms, guarantee=guarantee[None])
        found = certificate(terms, self._outline(steps))
        names = terms.obligations
        overdue = self._overdue(steps)
        held = found.over_default is not None and found.over_default >= self.margin - TIE
        return Designed(
            title=title,
            steps=tuple(
                DesignedStep(s.day, terms.sides[s.giver], {names[o]: n for o, n in s.lots.items()})
                for s in steps
            ),
            guarantee=by_name(terms.sides, guarantee),
            certificate=found,
            keeps_margin=held,
            proven=proven and not overdue,
            overdue=overdue,
        )

    def _outline(self, steps: Sequence[Drafted]) -> Outline:
        delivers = np.zeros((len(steps), len(self.terms.lots)), np.int64)
        acts = np.zeros((len(steps), len(self.terms.sides)), bool)
        for k, step in enumerate(steps):
            acts[k, step.giver] = True
            delivers[k, list(step.lots)] = list(step.lots.values())
        days = np.array([step.day for step in steps], np.int64)
        return Outline(days, acts, delivers, np.zeros(len(steps), bool), self.stakes.delivered)

    def _overdue(self, steps: Sequence[Drafted]) -> dict[str, int]:
        late = {o: self.days.overdue(o, step.day) for step in steps for o in step.lots}
        return {self.terms.obligations[o]: days for o, days in sorted(late.items()) if days}


def certificate(terms: Terms, steps: Outline) -> Certificate:
    """The evaluation of steps in point mode, as a certificate."""
    judged = evaluate(terms, steps)
    margins = backward.margins(judged.game, judged.values)[0]
    acting = judged.movers[:, 1]
    stake = judged.stake[0, acting]
    # Without a stake there is no share: the sign says enough to find the weakest.
    nothing = np.where(np.abs(margins[:, 0]) <= TIE, 0.0, np.copysign(np.inf, margins[:, 0]))
    share = np.divide(margins[:, 0], stake, out=nothing, where=stake > TIE)
    weakest = int(np.argmax(share <= share.min() + TIE))  # the first of several, as the evaluation has it
    late = acting[(margins[:, 1:] < -TIE).any(axis=1)]
    return Certificate(
        over_default=neat(share[weakest]) if np.isfinite(share[weakest]) else None,
        step=int(judged.movers[weakest, 0]) + 1,
        party=terms.sides[acting[weakest]],
        enforces_itself=bool(judged.enforces_itself[0]),
        late_pays=tuple(terms.sides[p] for p in sorted(set(late.tolist()))),
        slack=tuple(map(neat, margins[:, 0])),
    )
