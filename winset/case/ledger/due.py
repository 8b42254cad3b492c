"""What a schedule asks for next, after what has been delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from winset.case.exchange import Schedule


@dataclass(frozen=True, slots=True)
class Due:
    """A step, numbered from 1, with its day and the lots that it still lacks by obligation."""

    step: int
    day: int
    lacking: Mapping[str, int]


def next_due(schedule: Schedule, delivered: Mapping[str, int]) -> Due | None:
    """The first step of the schedule that is not fully delivered; None where all are.

    `delivered` are lots by obligation, which fill the steps in their order.
    """
    asked: Counter[str] = Counter()
    for number, step in enumerate(schedule.steps, 1):
        asked.update(step.does)
        lacking = {name: asked[name] - delivered.get(name, 0) for name in step.does}
        lacking = {name: lots for name, lots in lacking.items() if lots > 0}
        if lacking:
            return Due(number, step.day, lacking)
    return None
