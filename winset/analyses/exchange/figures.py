"""The charts of the exchange: steps on days, what stopping is worth, and the staircase of two givers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from winset.analyses import wording
from winset.analyses.exchange.answers import ScheduleAnswer
from winset.analyses.exchange.designs import Designed
from winset.analyses.sections import Cell, Curves, Figure, Table, Timeline
from winset.case import table
from winset.case.model import Case

KINDS = (
    "carrying on is worth more",
    "delay is worth more",
    "a knife-edge",
    "keeping back is worth more",
    "the weakest step, where keeping back or delay is worth more",
)


class _Placed(NamedTuple):
    """What a step delivers on its day, and the slack of each side that acts: against keeping back, and
    against delay too."""

    day: int
    does: Mapping[str, int]
    over_default: Mapping[str, float]
    slack: Mapping[str, float]


def gantt(case: Case, answer: ScheduleAnswer) -> Figure:
    """What a schedule delivers when, each mark by the slack of whoever delivers it."""
    placed = [_Placed(step.day, step.does, step.over_default, step.slack.plan) for step in answer.steps]
    weak = answer.weakest
    more = "The table says the same of days, the one after it of slacks."
    return _gantt(case, answer.title, placed, (weak.step, weak.party), more)


def gantt_of_design(case: Case, found: Designed) -> Figure:
    """The same of a designed schedule, by the slack against keeping back."""
    slacks = found.certificate.slack
    each = [{step.by: slack} for step, slack in zip(found.steps, slacks, strict=True)]
    placed = [
        _Placed(step.day, step.does, slack, slack) for step, slack in zip(found.steps, each, strict=True)
    ]
    weak = found.certificate.step, found.certificate.party
    more = "Slack is against keeping back; where delay pays is said above. The table says the same of days."
    return _gantt(case, found.title, placed, weak, more)


def _gantt(case: Case, name: str, placed: Sequence[_Placed], weak: tuple[int, str], more: str) -> Figure:
    assert case.exchange is not None  # there is no answer without one
    rows = []
    cells: list[tuple[Cell, ...]] = []
    for owed_name, owed in case.exchange.obligations.items():
        marks, days = [], []
        for number, step in enumerate(placed, start=1):
            if lots := step.does.get(owed_name):
                slacks = step.over_default[owed.by], step.slack[owed.by]
                kind = _kind(*slacks, weakest=(number, owed.by) == weak)
                marks.append((float(step.day), str(lots), kind))
                days.append(f"day {step.day}" + (f" ({lots})" if owed.lots > 1 else ""))
        if marks:
            title = f"{table.name_of(case, owed.by)}: {owed_name}"
            rows.append((title, tuple(marks)))
            cells.append((title, ", ".join(days)))
    where = f"step {weak[0]} on day {placed[weak[0] - 1].day}, {table.name_of(case, weak[1])}"
    return Figure(
        f"'{name}' on its days",
        f"Each obligation on the days on which it is delivered, by the slack of its giver. Weakest: {where}. "
        f"{more}",
        Timeline("Days from the start", KINDS, tuple(rows)),
        Table(("Obligation", "Delivered (lots)"), tuple(cells), f"'{name}' on its days"),
    )


def _kind(over_default: float, slack: float, *, weakest: bool) -> str:
    if weakest and slack <= 0:
        return KINDS[4]
    if slack > 0:
        return KINDS[0]
    if over_default < 0:
        return KINDS[3]
    return KINDS[1] if slack < 0 < over_default else KINDS[2]


def leverage(case: Case, answer: ScheduleAnswer) -> Figure:
    """What stopping is worth to each side after each step."""
    days = [0, *(step.day for step in answer.steps)]
    lines = tuple(
        (table.name_of(case, side), tuple(zip(map(float, days), values, strict=True)))
        for side, values in answer.leverage.items()
    )
    rows: list[tuple[Cell, ...]] = [
        (
            table.name_of(case, side),
            wording.whole(values[0]),
            wording.whole(min(values)),
            wording.whole(values[-1]),
        )
        for side, values in answer.leverage.items()
    ]
    title = f"What stopping is worth to each side along '{answer.title}'"
    return Figure(
        title,
        f"{title}: leverage that is handed over is lost. The table gives its start, its lowest and its end.",
        Curves(("Day", "Points of stopping"), lines),
        Table(("Side", "At the start", "Lowest", "At the end"), tuple(rows), title),
    )


def staircase(case: Case, answer: ScheduleAnswer) -> Figure | None:
    """How far each of the two givers has gone after each step; None where more or fewer deliver."""
    assert case.exchange is not None
    owed = case.exchange.obligations
    givers = list(dict.fromkeys(owed[name].by for step in answer.steps for name in step.does))
    main = [side for side in givers if side in case.parties]
    if len(main) != 2:
        return None
    shares = dict.fromkeys(main, 0.0)
    mine = {side: [name for name in owed if owed[name].by == side] for side in main}
    points = [(0.0, 0.0)]
    for step in answer.steps:
        for name, lots in step.does.items():
            if owed[name].by in shares:
                shares[owed[name].by] += 100 * lots / owed[name].lots / len(mine[owed[name].by])
        points.append((round(shares[main[0]], 6), round(shares[main[1]], 6)))
    names = [table.name_of(case, side) for side in main]
    rows: list[tuple[Cell, ...]] = [
        (str(number), f"{x:.0f}%", f"{y:.0f}%") for number, (x, y) in enumerate(points) if number
    ]
    title = f"Who has gone how far along '{answer.title}'"
    return Figure(
        title,
        f"{title}: the share of its own obligations, each counting alike, that each side has delivered.",
        Curves(
            (f"Percent delivered: {names[0]}", f"Percent delivered: {names[1]}"),
            ((answer.title, tuple(points)),),
        ),
        Table(("Step", names[0], names[1]), tuple(rows), title),
    )
