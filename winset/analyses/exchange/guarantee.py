"""How large a guarantee each side must give: an exact interval, maybe empty, and then why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from winset.analyses.exchange.answers import Clash, Condition, GuaranteeAnswer
from winset.analyses.exchange.evaluate import Evaluation
from winset.analyses.exchange.lines import Stretch, slopes, stretch
from winset.analyses.exchange.rounding import neat
from winset.analyses.exchange.steps import game
from winset.analyses.exchange.terms import Terms
from winset.kernels import backward
from winset.space.numbers import Floats


def required_guarantees(terms: Terms, judged: Evaluation) -> dict[str, GuaranteeAnswer]:
    """By side, what it would have to lose by a default for all its slacks to be at least 0, others as they
    are; in points, on average over whether the guarantor acts. `terms` in point mode.

    What carrying out a step is worth more than any one deviation is a straight line in one's own guarantee,
    and nobody else's moves it; so two evaluations say all.
    """
    both = np.array([[0.0], [1.0]]) * np.ones(len(terms.sides))
    played = game(replace(terms, guarantee=both), judged.steps)
    at_0, at_1 = backward.margins(played, backward.kept(played))
    slope = slopes(at_0, at_1)
    return {
        side: _required(judged, at_0, slope, p, float(terms.guarantee[0, p]))
        for p, side in enumerate(terms.sides)
    }


def _required(judged: Evaluation, at_0: Floats, slope: Floats, p: int, now: float) -> GuaranteeAnswer:
    mine = np.flatnonzero(judged.movers[:, 1] == p)
    found = stretch(at_0[mine].ravel(), slope[mine].ravel(), 0.0, np.inf)
    # Deviation 0 is not to deliver; all others are to be late.
    against_default = _interval(stretch(at_0[mine, 0], slope[mine, 0], 0.0, np.inf))
    if not found.empty:
        return GuaranteeAnswer(neat(now), _interval(found), against_default)
    steps = judged.movers[mine, 0]
    clash = _clash(found, steps.tolist(), at_0.shape[1])
    return GuaranteeAnswer(neat(now), None, against_default, clash)


def _interval(found: Stretch) -> tuple[float, float | None] | None:
    if found.empty:
        return None
    return neat(found.low), None if found.high == np.inf else neat(found.high)


def _clash(found: Stretch, steps: list[int], deviations: int) -> Clash:
    """Which conditions cannot hold together."""

    def condition(line: int) -> Condition | None:
        return Condition(steps[line // deviations] + 1, line % deviations) if line >= 0 else None

    if found.never >= 0:
        return Clash(never=condition(found.never))
    if found.high < 0:  # the least guarantee is 0
        return Clash(never=condition(found.high_by))
    return Clash(condition(found.low_by), neat(found.low), condition(found.high_by), neat(found.high))
