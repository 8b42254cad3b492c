"""Spoilers over draws: how often each opposes a package, and how far a deal on it withstands them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ground import Ground
from winset.analyses.sampling import Sampling
from winset.analyses.shares import Share
from winset.analyses.spoilers.answers import CandidateDraws, Reckoned, SpoilersDraws
from winset.analyses.spoilers.opposing import opposing, withstood
from winset.case.model import Case, Spoiler
from winset.space.numbers import Floats
from winset.space.shapes import Part, stream
from winset.space.worth import Choices

RANGE = (0.1, 0.9)  # of the draws


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker needs: the case, and packages by option numbers, shape (packages, issues)."""

    ground: Ground
    choices: Choices


@dataclass(frozen=True, slots=True)
class Judged:
    """How often each spoiler opposes each package, (packages, spoilers), and in each draw how far a deal on
    it withstands them all, then all but each: (draws, packages, 1 + spoilers)."""

    opposes: NDArray[np.int64]
    survival: Floats


def over_draws(case: Case, sampling: Sampling, choices: Choices, *, extended: bool) -> SpoilersDraws:
    """The packages with every estimate and red line drawn, greed and what spoilers can do among them."""
    ground = Ground(case, extended, sampling.seed, sampling.rho)
    parts: list[Judged] = sampling.run(judge, Asked(ground, choices)) if len(choices) else []
    counts = np.sum([part.opposes for part in parts], axis=0) if parts else np.empty((0, 0))
    names = tuple(ground.space.case.spoilers)
    candidates = []
    for place in range(len(choices)):
        survival = np.concatenate([part.survival[:, place] for part in parts])
        candidates.append(_candidate(names, counts[place], survival))
    return SpoilersDraws(sampling.draws, sampling.seed, sampling.rho, tuple(candidates))


def judge(asked: Asked, first: int, count: int) -> Judged:
    """The same in some draws."""
    ground = asked.ground
    sample, space = ground.sample(first, count), ground.space
    found = ground.drawn.accept(sample, asked.choices)
    greed, capability = (
        _numbers(space.case.spoilers, what, ground.seed, first, count)[:, None]
        for what in ("greed", "capability")
    )
    opposes = opposing(space, asked.choices, found.accepts, found.worth, sample.walk_away[:, None], greed)
    everybody_then_less_each = (None, *range(len(space.case.spoilers)))
    survival = [withstood(opposes, capability, without) for without in everybody_then_less_each]
    return Judged(opposes.sum(axis=0), np.stack(survival, axis=2))


def _numbers(
    spoilers: Mapping[str, Spoiler], what: Literal["greed", "capability"], seed: int, first: int, count: int
) -> Floats:
    """A number of each spoiler in some draws, (draws, spoilers), each from a stream of its own name."""
    estimates = [s.greed if what == "greed" else s.capability for s in spoilers.values()]
    part = Part([0.0 if estimate is None else estimate.point for estimate in estimates])
    columns: list[Floats] = []
    for k, (name, estimate) in enumerate(zip(spoilers, estimates, strict=True)):
        if estimate is not None and not estimate.is_point:
            part.draw((k,), estimate, len(columns))
            columns.append(stream(seed, f"spoiler {what} {name}", first, count))
    return part.at(np.array(columns).reshape(len(columns), count).T)


def _candidate(names: Sequence[str], counts: NDArray[np.int64], survival: Floats) -> CandidateDraws:
    draws = len(survival)
    return CandidateDraws(
        opposes={name: Share.of(int(n), draws) for name, n in zip(names, counts, strict=True)},
        survival=_reckoned(survival[:, 0]),
        without={name: _reckoned(survival[:, 1 + k]) for k, name in enumerate(names)},
    )


def _reckoned(values: Floats) -> Reckoned:
    low, high = np.quantile(values, RANGE)
    return Reckoned(*(round(float(value), 6) for value in (values.mean(), low, high)))
