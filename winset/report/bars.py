"""Bars cut into parts: bodies that vote, seats of a government, win-sets."""

from __future__ import annotations

import textwrap

import altair as alt

from winset.analyses.sections import Stacks
from winset.report.ink import INK, LETTERS, LINES, REST, STEPS, WIDTH, Layer, Row, data, lines


def stacks(chart: Stacks) -> Layer:
    """A bar a row, its parts in the order given with their names inside, and a mark at the bar to reach."""
    whole = max(sum(size for _, size, _ in parts) for _, parts, _ in chart.rows)
    dark = {chart.kinds[0]} | (set() if chart.rest else {chart.kinds[-1]})
    rows: list[Row] = []
    marks: list[Row] = []
    for name, parts, needed in chart.rows:
        start = 0.0
        for who, size, kind in parts:
            ends = {"from": start, "to": start + size, "at": start + size / 2}
            named = {"who": _fitting(who, size, whole), "dark": kind in dark}
            rows.append({"row": lines(name), "kind": kind, **ends, **named})
            start += size
        if needed is not None:
            marks.append({"row": lines(name), "at": needed})
    return _stacked(chart, rows, marks, whole)


def _fitting(who: str, size: float, whole: float) -> str:
    """As much of a name as fits into its part of the chart; else its size, or nothing where neither fits."""
    room = int(LETTERS * size / whole)
    shown = textwrap.shorten(who, max(1, room), placeholder="…")
    number = f"{size:g}"
    return shown if len(shown) > 1 else number if len(number) <= room else ""


def _stacked(chart: Stacks, rows: list[Row], marks: list[Row], whole: float) -> Layer:
    scale = alt.Scale(domain=[0, max([whole, *(mark["at"] for mark in marks)])], nice=False)
    steps = (*STEPS[:-1], REST) if chart.rest else STEPS
    kinds = [kind for kind in chart.kinds if any(row["kind"] == kind for row in rows)]
    colours = [steps[chart.kinds.index(kind)] for kind in kinds]
    y = alt.Y("row:N", title=None, sort=None, axis=LINES)
    shown = alt.Chart(data(rows)).mark_bar(height=34, stroke="white", strokeWidth=2)
    layers: list[alt.Chart] = [
        shown.encode(
            x=alt.X("from:Q", title=chart.axis, scale=scale),
            x2="to:Q",
            y=y,
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=colours)),
        )
    ]
    if marks:
        ticks = alt.Chart(data(marks)).mark_tick(thickness=4, size=48, color="black", opacity=1)
        layers.append(ticks.encode(x=alt.X("at:Q", scale=scale), y=y))
    for ink, dark in (("white", True), (INK, False)):
        named = alt.Chart(data(row for row in rows if row["dark"] is dark)).mark_text(fontSize=12, color=ink)
        layers.append(named.encode(x=alt.X("at:Q", scale=scale), y=y, text="who:N"))
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(56))
