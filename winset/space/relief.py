"""What if an issue were out of everybody's way: its relief (model.md 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from winset.case import conditions
from winset.space.build import Space
from winset.space.draws import Sample
from winset.space.worth import Bools


@dataclass(frozen=True, eq=False, slots=True)
class Relief:
    """Whether n draws have a zone when an issue is taken out of everybody's acceptance, (n, issues).

    `settled` is False where the limit of a search left that open (then `zone` is False).
    """

    zone: Bools
    settled: Bools


def without(space: Space, sample: Sample, issue: int) -> Sample:
    """The sample with an issue taken out of everybody's acceptance.

    Every faction counts its best option there, allowed or not, and no red line holds that is on an option of
    the issue or on a condition that names it. Joint terms and constraints stay, also those that name it.
    """
    scores = sample.scores[issue]
    best = np.broadcast_to(scores.max(axis=2, keepdims=True), scores.shape)
    lines = tuple(
        held & ~_names(space, ref, issue) for ref, held in zip(space.factions, sample.lines, strict=True)
    )
    return replace(sample, scores=(*sample.scores[:issue], best, *sample.scores[issue + 1 :]), lines=lines)


def _names(space: Space, ref: str, issue: int) -> Bools:
    """Which red lines of a faction name the issue; shape (red lines,)."""
    keys = space.case.preferences[ref].red_lines
    named = [space.issues[issue] in conditions.issues_of(conditions.red_line(key)) for key in keys]
    return np.array(named, bool)
