"""The order of what is owed, as each side reads the text: where readings contradict each other, and which
schedule breaks whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from winset.analyses.exchange.answers import Before, Breach, Readings
from winset.analyses.exchange.remaining import unfinished
from winset.case.exchange import Exchange, Prerequisite, Schedule


def readings(
    exchange: Exchange, sides: Sequence[str], delivered: Mapping[str, int] | None = None
) -> Readings:
    """The orders of all sides held against each other and against what remains of the schedules after what
    was `delivered`, lots by obligation."""
    before = delivered or {}
    return Readings(
        contradiction=contradiction(exchange, sides),
        broken={
            name: tuple(broken(exchange, given, sides, before))
            for name, given in unfinished(exchange, before).items()
        },
    )


def contradiction(exchange: Exchange, sides: Sequence[str]) -> tuple[Before, ...] | None:
    """A shortest circle of obligations each of which must come before the next as somebody reads the text,
    the last before the first; None where all readings fit together.

    A prerequisite holds back even the first lot, so how many lots it asks for makes no difference.
    """
    edges = list(_edges(exchange, sides))
    circles = [found for start in exchange.obligations if (found := _circle(edges, start))]
    return min(circles, key=len) if circles else None


def _edges(exchange: Exchange, sides: Sequence[str]) -> Iterator[Before]:
    for name, obligation in exchange.obligations.items():
        for needed in obligation.after:
            yield Before(needed.obligation, name, _readers(needed, sides))


def _readers(needed: Prerequisite, sides: Sequence[str]) -> tuple[str, ...]:
    return tuple(needed.as_read_by or sides)


def _circle(edges: Sequence[Before], start: str) -> tuple[Before, ...] | None:
    """The shortest way from an obligation back to itself."""
    ways: dict[str, tuple[Before, ...]] = {start: ()}
    reached = [start]
    for place in reached:
        for edge in edges:
            if edge.first == place and edge.then == start:
                return (*ways[place], edge)
            if edge.first == place and edge.then not in ways:
                ways[edge.then] = (*ways[place], edge)
                reached.append(edge.then)
    return None


def broken(
    exchange: Exchange, schedule: Schedule, sides: Sequence[str], before: Mapping[str, int]
) -> Iterator[Breach]:
    """The prerequisites that a schedule does not keep: what must come before has to come in an earlier
    step, or in the same where several act at once, or was delivered `before` it all."""
    delivered = Counter(before)
    for k, step in enumerate(schedule.steps, start=1):
        together = delivered + Counter(step.does)
        there = together if len(set(step.by)) > 1 else delivered
        for name in step.does:
            for needed in exchange.obligations[name].after:
                lots = needed.lots or exchange.obligations[needed.obligation].lots
                if there[needed.obligation] < lots:
                    yield Breach(k, name, needed.obligation, lots, _readers(needed, sides))
        delivered = together
