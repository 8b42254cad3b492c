"""Checks on spoilers."""

from __future__ import annotations

from collections.abc import Iterator

from winset.case.checks.finding import Finding
from winset.case.model import Case
from winset.case.yaml12 import Path


def silent_spoilers(case: Case) -> Iterator[Finding]:
    """It is known when a limited or greedy spoiler opposes."""
    for name, spoiler in case.spoilers.items():
        if not spoiler.says_when:
            path: Path = ("spoilers", name)
            message = f"is {spoiler.type} and says nothing of when it opposes"
            way_out = "add the `faction` whose wants it has, or a `trigger`"
            yield Finding(path, message, way_out, ((*path, "faction"), (*path, "trigger")))


def greed_out_of_place(case: Case) -> Iterator[Finding]:
    """Greed is 0 or more points above the walk-away of a greedy spoiler's faction."""
    for name, spoiler in case.spoilers.items():
        path: Path = ("spoilers", name, "greed")
        if spoiler.greed is None:
            continue
        if spoiler.type != "greedy":
            way_out = "leave it out, or write `type: greedy`"
            yield Finding(path, f"a {spoiler.type} spoiler has no greed", way_out)
        elif spoiler.faction is None:
            way_out = "add the `faction` whose points they are, or leave it out"
            about = (("spoilers", name, "faction"),)
            yield Finding(path, "counts above a walk-away, and there is no faction", way_out, about)
        elif spoiler.greed.low < 0:
            yield Finding(path, f"{spoiler.greed.low:g} is less than 0", "write 0 or more points")
