"""What a design gives back: schedules that were worked out, and what guarantees so many tranches need."""

from __future__ import annotations

from dataclasses import dataclass

from winset.analyses.exchange.answers import Points
from winset.case.exchange import Schedule, Step


@dataclass(frozen=True, slots=True)
class DesignedStep:
    """Who delivers which lots on a day."""

    day: int
    by: str
    does: dict[str, int]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the evaluation of a designed schedule says of it, all later steps being kept.

    `over_default`: the smallest slack against not delivering, as a share of what it all is worth to that side
    less stopping at once, None where that is nothing; `step`, from 1, and `party`: where. `enforces_itself`:
    all slacks are above 0, those against being late among them; `late_pays`: the sides to which being late
    pays at some step; `slack`: by step, points by which delivering is worth more to its giver than not
    delivering.
    """

    over_default: float | None
    step: int
    party: str
    enforces_itself: bool
    late_pays: tuple[str, ...]
    slack: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Designed:
    """A designed schedule with its certificate, at these guarantees: points times the chance that the
    guarantor acts.

    `keeps_margin`: the certificate gives every slack the margin asked for. `proven`: no other schedule does
    better (on a rung: no other sizes of so many tranches on these days); else it is the best found, as
    always where something is overdue.
    `overdue`: by how many days obligations come after their last day.
    """

    title: str
    steps: tuple[DesignedStep, ...]
    guarantee: Points
    certificate: Certificate
    keeps_margin: bool
    proven: bool
    overdue: dict[str, int]

    def schedule(self) -> Schedule:
        """The same as a schedule of a case, to be judged like any other."""
        steps = [Step(day=step.day, by=(step.by,), does=step.does) for step in self.steps]
        return Schedule(title=self.title, steps=tuple(steps), partial=True)


@dataclass(frozen=True, slots=True)
class Rung:
    """The least guarantees that were found with which so many tranches or fewer keep the margin: the sides
    taking turns, or the design of the fewest tranches.

    `total`: their sum, each as a share of what the exchange gains the side; it and `designed` are None where
    none was found.
    """

    tranches: int
    total: float | None
    designed: Designed | None


@dataclass(frozen=True, slots=True)
class DesignAnswer:
    """Schedules by name, with what was not found and why; and guarantees by number of tranches.

    `margin`: the smallest slack asked for, as a share; `read_by`: whose reading of what must come first is
    kept, None: everybody's; `merged`: obligations whose lots were moved together, and how many at most,
    because there are too many orders of single ones.
    """

    margin: float
    read_by: str | None
    schedules: dict[str, Designed]
    refused: dict[str, str]
    ladder: tuple[Rung, ...]
    merged: dict[str, int]
