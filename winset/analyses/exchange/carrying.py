"""What carries the last step of each side: why, with nothing of its own still to come, it would deliver."""

from __future__ import annotations

import numpy as np

from winset.analyses.exchange.answers import Carrying
from winset.analyses.exchange.evaluate import Evaluation
from winset.analyses.exchange.rounding import neat
from winset.analyses.exchange.steps import claw_back, fallback
from winset.analyses.exchange.terms import Terms


def last_steps(terms: Terms, judged: Evaluation) -> dict[str, Carrying]:
    """By side that acts, the sum behind its slack at its last step, keeping back its part being the
    alternative. `terms` in point mode."""
    found = {}
    for p, side in enumerate(terms.sides):
        mine = np.flatnonzero(judged.movers[:, 1] == p)
        if len(mine):
            found[side] = _carrying(terms, judged, int(judged.movers[mine[-1], 0]), p, int(mine[-1]))
    return found


def _carrying(terms: Terms, judged: Evaluation, k: int, p: int, mover: int) -> Carrying:
    played, steps = judged.game, judged.steps
    alarm = float(played.alarm[0, 0])
    own = steps.delivers[k] * (terms.giver == p)
    delivery = _worth_of(terms, judged, k, own, p)
    kept_levels = steps.levels[k] + (steps.delivers[k] - own if steps.exposed[k] else 0)
    received = 0.0 if steps.exposed[k] else float(played.gain[0, k, p]) - delivery
    follows = float(played.carried_out(k, judged.values[:, k + 1])[0, p] - played.gain[0, k, p])
    alarms = alarm * float(played.stop[0, k + 1, p] - played.guarantee[0, p])
    closing = float(played.closing[0, p] * played.carry[0, k:, p].prod())
    return Carrying(
        step=k + 1,
        slack=neat(judged.slack[0, mover]),
        delivery=neat(delivery),
        escrow=neat(received),
        closing=neat(closing),
        to_come=neat(follows - alarms - closing),
        guarantee=neat(played.fine[0, k, p]),
        claw_back=neat(claw_back(terms, kept_levels)[0, p]),
        fallback=neat(-fallback(terms, kept_levels)[0, p]),
        false_alarms=neat(alarms),
    )


def _worth_of(
    terms: Terms, judged: Evaluation, k: int, lots: np.ndarray[tuple[int, ...], np.dtype[np.int64]], p: int
) -> float:
    """What some of the lots of step k are worth to a side."""
    before = judged.steps.levels[k]
    return sum(
        float((terms.of_lots(o, before[o] + lots[o]) - terms.of_lots(o, before[o]))[0, p])
        for o in np.flatnonzero(lots).tolist()
    )
