"""Marks on days, and lines that go in steps."""

from __future__ import annotations

import altair as alt

from winset.analyses.sections import Curves, Timeline
from winset.report.ink import COLOURS, DASHES, INK, LABELS, STEPS, WIDTH, Layer, data, lines

MARKS = ("circle", "triangle-right", "diamond", "square", "triangle-down")
FROM_BEST = (*STEPS[:2], "#e9e2b8", *STEPS[2:])
DAYS = alt.Axis(tickMinStep=1, tickCount=8)
EVERY_LINE = alt.Axis(labelExpr=LABELS, labelOverlap=False)


def timeline(chart: Timeline) -> Layer:
    """A mark for each delivery on its day, told apart by shape and colour; the last kind is the largest."""
    sizes = {kind: 260 if kind == chart.kinds[-1] else 130 for kind in chart.kinds}
    rows = [
        {"row": lines(name), "day": day, "label": label, "kind": kind, "size": sizes[kind]}
        for name, marks in chart.rows
        for day, label, kind in marks
    ]
    tallest = max((str(row["row"]).count("\n") + 1 for row in rows), default=1)
    kinds = [kind for kind in chart.kinds if any(row["kind"] == kind for row in rows)]
    places = [chart.kinds.index(kind) for kind in kinds]
    base = alt.Chart(data(rows)).encode(
        x=alt.X("day:Q", title=chart.axis, scale=alt.Scale(nice=False, padding=12), axis=DAYS),
        y=alt.Y("row:N", title=None, sort=None, axis=EVERY_LINE),
    )
    marks = base.mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=0.8).encode(
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=kinds, range=[FROM_BEST[place] for place in places])
        ),
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=[MARKS[place] for place in places])),
        size=alt.Size("size:Q", scale=None, legend=None),
    )
    return alt.layer(marks).properties(width=WIDTH, height=alt.Step(max(30, 16 * tallest + 6)))


def curves(chart: Curves) -> Layer:
    """Lines that go in steps, told apart by dashes and colour."""
    rows = [
        {"line": name, "place": place, "x": x, "y": y}
        for name, points in chart.lines
        for place, (x, y) in enumerate(points)
    ]
    names = [name for name, _ in chart.lines]
    dashes = [list(DASHES[i % len(DASHES)]) for i in range(len(names))]
    colours = [COLOURS[(i + 1) % len(COLOURS)] for i in range(len(names))]
    drawn = (
        alt.Chart(data(rows))
        .mark_line(interpolate="step-after", strokeWidth=2.5, point=True)
        .encode(
            x=alt.X("x:Q", title=lines(chart.axes[0]).split("\n")),
            y=alt.Y("y:Q", title=lines(chart.axes[1]).split("\n")),
            order="place:Q",
            color=alt.Color("line:N", scale=alt.Scale(domain=names, range=colours)),
            strokeDash=alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=dashes)),
        )
    )
    return alt.layer(drawn).properties(width=WIDTH, height=WIDTH * 2 // 3)
