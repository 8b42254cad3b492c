"""Checks on schedules: that they can be carried out as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from winset.case.checks.finding import ANYTHING, Finding
from winset.case.exchange import Exchange, Obligation, Schedule, Step
from winset.case.model import Case
from winset.case.table import sides
from winset.case.yaml12 import Path


def schedules_that_cannot_be(case: Case) -> Iterator[Finding]:
    """A schedule delivers everything once, by those who owe it, in order, on days that are allowed."""
    if case.exchange is None:
        return
    everybody = set(sides(case))
    known = {name for name, owed in case.exchange.obligations.items() if owed.by in everybody}
    for name, schedule in case.exchange.schedules.items():
        # Where a name is borne by nothing, another check says so.
        if any(set(step.does) - known for step in schedule.steps):
            continue
        path: Path = ("exchange", "schedules", name)
        yield from _steps(case.exchange, schedule, path)
        yield from _whole(case.exchange, schedule, path)


def _steps(exchange: Exchange, schedule: Schedule, path: Path) -> Iterator[Finding]:
    delivered: Counter[str] = Counter()
    before = 0
    for i, step in enumerate(schedule.steps):
        here: Path = (*path, "steps", i)
        if step.day < before:
            yield Finding(
                (*here, "day"),
                f"day {step.day} is before the step above, day {before}",
                "order the steps by day",
            )
        before = max(before, step.day)
        yield from _actors(exchange, step, here)
        for name, lots in step.does.items():
            yield from _delivery(exchange.obligations[name], step, lots, (*here, "does", name))
        together = delivered + Counter({n: lots for n, lots in step.does.items() if lots > 0})
        yield from _waiting(exchange, step, delivered, together, here)
        delivered = together


def _actors(exchange: Exchange, step: Step, here: Path) -> Iterator[Finding]:
    givers = {owed: exchange.obligations[owed].by for owed in step.does}
    wrong = {owed: giver for owed, giver in givers.items() if giver not in step.by}
    for owed, giver in wrong.items():
        message = f"'{giver}' owes '{owed}', and {' and '.join(step.by)} acts here"
        yield Finding((*here, "by"), message, f"name '{giver}', or take '{owed}' out of the step")
    for side in step.by:
        if givers and not wrong and side not in givers.values():
            yield Finding((*here, "by"), f"'{side}' delivers nothing here", f"take '{side}' out of the step")
    if not step.does:
        yield Finding((*here, "does"), "delivers nothing", "name an obligation and how many lots")
    for side, times in Counter(step.by).items():
        if times > 1:
            yield Finding((*here, "by"), f"names '{side}' {times} times", "name each side once")
    several = len(set(step.by)) > 1
    if several and step.kind in (None, "uni"):
        message = "several act at once, and it is not said how"
        yield Finding(
            (*here, "kind"), message, "write `kind: joint`, or `kind: escrow` through a third party"
        )
    elif not several and step.kind == "joint":
        yield Finding(
            (*here, "kind"), "a joint step needs several who act", "write `kind: uni`, or name both"
        )


def _delivery(owed: Obligation, step: Step, lots: int, here: Path) -> Iterator[Finding]:
    if lots < 1:
        yield Finding(here, f"delivers {lots} lots", "write 1 or more, or leave it out")
    if owed.latest is not None and owed.latest < owed.earliest:
        return
    if step.day < owed.earliest:
        message = f"comes on day {step.day}, before its first day {owed.earliest}"
        yield Finding(here, message, "move the step, or `earliest`")
    if owed.latest is not None and step.day > owed.latest:
        message = f"comes on day {step.day}, after its last day {owed.latest}"
        yield Finding(here, message, "move the step, or `latest`")


def _waiting(
    exchange: Exchange, step: Step, delivered: Counter[str], together: Counter[str], here: Path
) -> Iterator[Finding]:
    """What everybody reads as coming before has been delivered; in one step what comes at once will do."""
    for name in step.does:
        for needed in exchange.obligations[name].after:
            there = exchange.obligations.get(needed.obligation)
            if needed.as_read_by or there is None:
                continue
            lots = min(needed.lots or there.lots, there.lots)
            at_once = len(set(step.by)) > 1
            if (together if at_once else delivered)[needed.obligation] < lots:
                message = f"'{name}' comes before {lots} of '{needed.obligation}', for which it waits"
                about = (
                    ("exchange", "obligations", name, "after", ANYTHING),
                    ("exchange", "obligations", needed.obligation, "lots"),
                    (*here[:-1], ANYTHING),
                )
                yield Finding((*here, "does", name), message, "move the step, or the prerequisite", about)


def _whole(exchange: Exchange, schedule: Schedule, path: Path) -> Iterator[Finding]:
    delivered: Counter[str] = Counter()
    for step in schedule.steps:
        delivered.update({name: lots for name, lots in step.does.items() if lots > 0})
    for name, owed in exchange.obligations.items():
        about = ((*path, "steps", ANYTHING), ("exchange", "obligations", name, "lots"))
        if delivered[name] > owed.lots:
            message = f"delivers {delivered[name]} lots of '{name}', of which there are {owed.lots}"
            yield Finding((*path, "steps"), message, "deliver each lot once", about)
        elif delivered[name] < owed.lots and not schedule.partial:
            message = f"delivers {delivered[name]} of the {owed.lots} lots of '{name}'"
            yield Finding((*path, "steps"), message, "add a step, or say `partial: true`", about)
