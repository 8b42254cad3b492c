"""Schedules over draws: how often a plan enforces itself, where it is weakest, how far completion ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winset.analyses.exchange.answers import Reckoned, ScheduleDraws, StepDraws
from winset.analyses.exchange.completion import completion
from winset.analyses.exchange.evaluate import evaluate
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source
from winset.analyses.sampling import Sampling
from winset.analyses.shares import Share
from winset.kernels.backward import TIE
from winset.space.numbers import Floats, Ints

RANGE = (0.1, 0.9)  # of the draws


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker needs: the exchange as each schedule has it, and from which seed numbers are drawn."""

    sources: Mapping[str, Source]
    seed: int


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """A schedule in some draws, counted: those in which it enforces itself, in which nobody keeps back, and
    in which it is carried out to the end; by step, (K,), those in which it holds, and in which it is the
    weakest; completion, (draws,)."""

    enforces_itself: int
    nobody_keeps_back: int
    carried_out: int
    holds: Ints
    weakest: Ints
    completion: Floats


def over_draws(sources: Mapping[str, Source], sampling: Sampling) -> dict[str, ScheduleDraws]:
    """By schedule, what draws of all numbers of the exchange say, each drawn by itself."""
    parts = sampling.run(judge, Work(sources, sampling.seed))
    return {name: _answer([part[name] for part in parts], sampling.draws) for name in parts[0]}


def judge(work: Work, first: int, count: int) -> dict[str, Judged]:
    """The schedules in some draws."""
    every = {id(source): source for source in work.sources.values()}
    drawn = {key: source.drawn(work.seed, first, count) for key, source in every.items()}
    found = {}
    for name, source in work.sources.items():
        terms = drawn[id(source)]
        steps = outline(terms, source.exchange.schedules[name], source.delivered)
        judged = evaluate(terms, steps)
        at = judged.movers[:, 0]
        weak = np.stack(
            [(judged.slack[:, at == k] <= TIE).any(axis=1) for k in range(len(steps.days))], axis=1
        )
        found[name] = Judged(
            int(judged.enforces_itself.sum()),
            int(judged.nobody_keeps_back.sum()),
            int((judged.carried_out == len(steps.days)).sum()),
            (~weak).sum(axis=0),
            np.bincount(at[judged.weakest], minlength=len(steps.days)),
            completion(judged.game, terms.noise).complete,
        )
    return found


def _answer(parts: Sequence[Judged], draws: int) -> ScheduleDraws:
    holds, weakest = (np.sum([getattr(part, key) for part in parts], axis=0) for key in ("holds", "weakest"))
    completed = np.concatenate([part.completion for part in parts])
    low, high = np.quantile(completed, RANGE)
    return ScheduleDraws(
        Share.of(sum(part.enforces_itself for part in parts), draws),
        Share.of(sum(part.nobody_keeps_back for part in parts), draws),
        Share.of(sum(part.carried_out for part in parts), draws),
        Reckoned(*(round(float(value), 6) for value in (completed.mean(), low, high))),
        tuple(
            StepDraws(Share.of(held, draws), Share.of(least, draws))
            for held, least in zip(holds.tolist(), weakest.tolist(), strict=True)
        ),
    )
