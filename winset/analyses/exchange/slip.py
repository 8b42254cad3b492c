"""How many days a step may slip, with what depends on it, before somebody would rather stop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from winset.analyses.exchange.answers import Slip
from winset.analyses.exchange.evaluate import Evaluation, slacks
from winset.analyses.exchange.rounding import neat
from winset.analyses.exchange.steps import Outline, game
from winset.analyses.exchange.terms import Terms
from winset.case.exchange import Exchange
from winset.kernels.backward import TIE
from winset.space.numbers import Ints

Bools = NDArray[np.bool_]

MOST_DAYS = 365
BLOCK = 73  # days looked at together


def slips(exchange: Exchange, terms: Terms, judged: Evaluation) -> tuple[Slip, ...]:
    """Every step slipped by 1 to 365 days: the first at which a slack that was not negative turns so, and the
    first at which something comes after its last day. `terms` in point mode."""
    waits = waiting(exchange, terms, judged.steps)
    latest = np.array(
        [ob.latest if ob.latest is not None else np.inf for ob in exchange.obligations.values()]
    )
    due = np.where(judged.steps.delivers > 0, latest, np.inf).min(axis=1, initial=np.inf)
    return tuple(_slip(terms, judged, waits, due, k) for k in range(len(judged.steps.days)))


def _slip(
    terms: Terms,
    judged: Evaluation,
    waits: Bools,
    due: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    k: int,
) -> Slip:
    every = np.arange(1, MOST_DAYS + 1)
    past = ((moved := slipped(judged.steps, waits, k, every)) > due).any(axis=1)
    overdue = int(every[np.argmax(past)]) if past.any() else None
    sound = judged.slack >= -TIE
    for first in range(0, MOST_DAYS, BLOCK):
        slack = slacks(game(terms, judged.steps, moved[first : first + BLOCK]))
        turned = sound & (slack < -TIE)
        if turned.any():
            row = int(np.argmax(turned.any(axis=1)))
            stake = np.maximum(judged.stake[0, judged.movers[:, 1]], TIE)
            mover = int(np.argmin(np.where(turned[row], slack[row] / stake, np.inf)))
            step, side = judged.movers[mover].tolist()
            at = first + row + 1
            return Slip(k + 1, at, step + 1, terms.sides[side], neat(slack[row, mover]), overdue)
    return Slip(k + 1, None, None, None, None, overdue)


def slipped(steps: Outline, waits: Bools, k: int, by: Ints) -> Ints:
    """The days of all steps when step k slips by so many days each; (len(by), K).

    What depends on it, by `waits` (K, K), slips along; the other steps keep their days unless an earlier one
    overtakes them: then they come on its day, so that the order stays.
    """
    along = waits[:, k].copy()
    along[k] = True
    days: Ints = steps.days + along * by[:, None]
    return np.maximum.accumulate(days, axis=1)


def waiting(exchange: Exchange, terms: Terms, steps: Outline) -> Bools:
    """Whether a step depends on another, at once or by way of others: it delivers something that must come,
    as its giver reads the text, after what the other completes; (K, K), first the one that waits."""
    found = np.zeros((len(steps.days), len(steps.days)), bool)
    for k, o in np.argwhere(steps.delivers).tolist():
        for earlier in _waits_for(exchange, terms, steps, o):
            if earlier < k:
                found[k] |= found[earlier]
                found[k, earlier] = True
    return found


def _waits_for(exchange: Exchange, terms: Terms, steps: Outline, o: int) -> Iterator[int]:
    """The steps that complete what an obligation must come after."""
    obligation = exchange.obligations[terms.obligations[o]]
    for needed in obligation.after:
        if not needed.as_read_by or obligation.by in needed.as_read_by:
            other = terms.obligations.index(needed.obligation)
            there = steps.levels[:, other] >= (needed.lots or terms.lots[other])
            first = int(np.argmax(there))
            if there.any() and first > 0:
                yield first - 1
