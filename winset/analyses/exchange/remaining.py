"""What is still to be done of a schedule after what has been delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from winset.case.exchange import Exchange, Schedule, Step


def remaining(schedule: Schedule, delivered: Mapping[str, int], givers: Mapping[str, str]) -> Schedule:
    """The schedule without what was `delivered`, lots by obligation: they fill its steps in their order, and
    steps of which nothing is left are left out; it may have none then. `givers` are sides by obligation: who
    has nothing left to deliver at a step does not act at it."""
    if not any(delivered.values()):
        return schedule
    return schedule.model_copy(update={"steps": tuple(_steps(schedule, dict(delivered), givers))})


def _steps(schedule: Schedule, spare: dict[str, int], givers: Mapping[str, str]) -> Iterator[Step]:
    for step in schedule.steps:
        left = {}
        for name, lots in step.does.items():
            done = min(lots, spare.get(name, 0))
            spare[name] = spare.get(name, 0) - done
            if lots > done:
                left[name] = lots - done
        through = {givers[name] for name in step.does} - {givers[name] for name in left}
        if left or not step.does:
            who = tuple(side for side in step.by if side not in through)
            alone = {"kind": None} if len(who) == 1 else {}
            yield step.model_copy(update={"does": left, "by": who, **alone})


def unfinished(exchange: Exchange, delivered: Mapping[str, int]) -> dict[str, Schedule]:
    """What remains of each schedule of which something does, by name."""
    givers = {name: owed.by for name, owed in exchange.obligations.items()}
    found = {name: remaining(schedule, delivered, givers) for name, schedule in exchange.schedules.items()}
    return {name: schedule for name, schedule in found.items() if schedule.steps}
