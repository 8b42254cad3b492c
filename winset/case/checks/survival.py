"""Checks on what carries a government."""

from __future__ import annotations

from collections.abc import Iterator

from winset.case.checks.finding import ANYTHING, Finding
from winset.case.model import Case, Survival
from winset.case.yaml12 import Path


def governments_that_cannot_be(case: Case) -> Iterator[Finding]:
    """A government can reach its majority, and a safety net has seats and a government to step in for."""
    for side, party in case.parties.items():
        if party.survival is not None:
            yield from _government(party.survival, ("parties", side, "survival"))


def _government(survival: Survival, path: Path) -> Iterator[Finding]:
    net = survival.safety_net or {}
    carried = sum(seats.point for seats in survival.seats.values())
    stepping_in = sum(seats.point for seats in net.values())
    about = ((*path, "seats", ANYTHING), (*path, "safety_net", ANYTHING))
    if carried <= 0:
        what = "a safety net steps in for a government" if net else "a government"
        yield Finding((*path, "seats"), f"{what} that has no seats", "give those who carry it seats", about)
    elif survival.majority.point <= 0:
        yield Finding((*path, "majority"), "a government that needs no seats cannot fall", "write 1 or more")
    elif survival.majority.point > carried + stepping_in:
        most = f"{carried + stepping_in:g}"
        message = f"asks for {survival.majority.point:g} seats where all together have {most}"
        yield Finding((*path, "majority"), message, f"write at most {most}", about)
    for name, seats in net.items():
        if name in survival.seats:
            message = f"'{name}' carries the government and steps in for it"
            yield Finding((*path, "safety_net", name), message, "keep it in one of `seats` and `safety_net`")
        elif seats.point <= 0:
            message = f"'{name}' steps in without a seat"
            yield Finding((*path, "safety_net", name), message, "give it seats, or leave it out")
