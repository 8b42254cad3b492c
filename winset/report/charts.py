"""Charts as SVG, drawn with Vega-Lite from plain data: nothing is loaded, nothing moves.

Shapes tell apart what colours do, so that grey prints and colour-blind eyes lose nothing; the colours are
those of Okabe & Ito (2008).
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt
import vl_convert

from winset.analyses.sections import Chart, Curves, Outcomes, Spans, Stacks, Timeline
from winset.report import bars, paths
from winset.report.ink import COLOURS, INK, LINES, PALE, SHAPES, WIDTH, WRAP, Layer, Row, data, lines

# Measured with one font and shown in another: room at the left keeps wider letters inside.
FONT = "Arial, Helvetica, sans-serif"
ROOM = {"left": 28, "right": 12, "top": 8, "bottom": 8}


def svg(chart: Chart) -> str:
    """The chart as an SVG element."""
    match chart:
        case Outcomes() if len(chart.axes) == 2:
            drawn = _plane(chart)
        case Outcomes():
            drawn = _profiles(chart)
        case Spans():
            drawn = _spans(chart)
        case Stacks():
            drawn = bars.stacks(chart)
        case Timeline():
            drawn = paths.timeline(chart)
        case Curves():
            drawn = paths.curves(chart)
    spec = drawn.configure(font=FONT, padding=ROOM, **_LOOK).to_dict()
    made: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return made


_AXIS = {"labelColor": INK, "titleColor": INK, "gridColor": "#e4e4e4", "labelLimit": 270, "titleLimit": WIDTH}
_LEGEND = {"labelColor": INK, "labelLimit": 0, "orient": "bottom", "columns": 1, "title": None}
_SYMBOL = {"symbolSize": 110, "symbolOpacity": 1}
_LOOK: dict[str, Any] = {
    "axis": {**_AXIS, "labelOverlap": True, "labelFontSize": 13, "titleFontSize": 13},
    "legend": {**_LEGEND, **_SYMBOL, "labelFontSize": 13},
    "view": {"stroke": None},
}


def _plane(chart: Outcomes) -> Layer:
    """Two parties: one axis each, walk-aways as dashed lines, ranges as boxes."""
    names = [chart.background_name, *(outcome.name for outcome in chart.shown)]
    x, y = (_axis(chart, place) for place in (0, 1))
    floors = [
        alt.Chart(data([{"at": floor}])).mark_rule(strokeDash=[5, 4], color=INK).encode(**{axis: "at:Q"})
        for axis, floor in zip("xy", chart.floors, strict=True)
    ]
    back = alt.Chart(data({"name": names[0], "x": a, "y": b} for a, b in chart.background))
    dots = back.mark_point(size=190, opacity=1, strokeWidth=1.6).encode(x=x, y=y, **_legend(names))
    shown = [_at(outcome.name, outcome.low, outcome.high) for outcome in chart.shown]
    boxes = alt.Chart(data(row for row in shown if row["wide"]))
    ranges = boxes.mark_rect(opacity=0.25, stroke=INK, strokeDash=[2, 2]).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=_colour(names)
    )
    marks = alt.Chart(data(row for row in shown if not row["wide"])).mark_point(
        filled=True, size=130, opacity=1, stroke="white"
    )
    answers = marks.encode(x=alt.X("mx:Q"), y=alt.Y("my:Q"), **_legend(names))
    return alt.layer(*floors, ranges, dots, answers).properties(width=WIDTH, height=WIDTH * 3 // 4)


def _at(name: str, low: tuple[float, ...], high: tuple[float, ...]) -> Row:
    return {
        "name": name, "x": low[0], "x2": high[0], "y": low[1], "y2": high[1],
        "mx": (low[0] + high[0]) / 2, "my": (low[1] + high[1]) / 2, "wide": low != high,
    }  # fmt: skip


def _axis(chart: Outcomes, place: int) -> alt.X | alt.Y:
    made = alt.X if place == 0 else alt.Y
    seen = [chart.floors[place], *(point[place] for point in chart.background)]
    seen += [value for outcome in chart.shown for value in (outcome.low[place], outcome.high[place])]
    title = [*textwrap.wrap(chart.axes[place], WRAP), f"points (dashed: walk-away {chart.floors[place]:.0f})"]
    return made("xy"[place] + ":Q", title=title, scale=_scale(seen))


def _scale(seen: Iterable[float]) -> alt.Scale:
    values = list(seen)
    low, high = 5 * math.floor(min(values) / 5 - 0.5), 5 * math.ceil(max(values) / 5 + 0.5)
    if min(values) >= 0 and max(values) <= 100:
        low, high = max(low, 0), min(high, 100)
    return alt.Scale(domain=[low, high], nice=False, zero=False)


def _legend(names: list[str]) -> dict[str, Any]:
    shapes = ["circle", *(SHAPES[i % len(SHAPES)] for i in range(len(names) - 1))]
    return {
        "color": _colour(names),
        "shape": alt.Shape("name:N", scale=alt.Scale(domain=names, range=shapes)),
    }


def _colour(names: list[str]) -> alt.Color:
    colours = [PALE, *(COLOURS[i % len(COLOURS)] for i in range(len(names) - 1))]
    return alt.Color("name:N", scale=alt.Scale(domain=names, range=colours))


def _profiles(chart: Outcomes) -> Layer:
    """Any number of parties: a row each, the outcomes along it, the walk-away as a tick."""
    names = [chart.background_name, *(outcome.name for outcome in chart.shown)]
    every = [value for point in chart.background for value in point] + list(chart.floors)
    every += [value for outcome in chart.shown for value in (*outcome.low, *outcome.high)]
    x = alt.X("x:Q", title="Points (dark bar: walk-away)", scale=_scale(every))
    y = alt.Y("party:N", title=None, sort=None, axis=LINES)
    back = _rows(chart.axes, ((names[0], point, point) for point in chart.background))
    shown = _rows(chart.axes, ((o.name, o.low, o.high) for o in chart.shown))
    floors = _rows(chart.axes, [("", chart.floors, chart.floors)])
    points = alt.Chart(data(back)).mark_point(size=60, strokeWidth=1.6, opacity=1)
    dots = points.encode(x=x, y=y, yOffset=_offset(names), **_legend(names))
    bars = alt.Chart(data(shown)).mark_rule(strokeWidth=5, opacity=0.8)
    ranges = bars.encode(x=x, x2="x2:Q", y=y, color=_colour(names), yOffset=_offset(names))
    exact = alt.Chart(data(row for row in shown if row["x"] == row["x2"]))
    marks = exact.mark_point(filled=True, size=90, opacity=1)
    answers = marks.encode(x=x, y=y, yOffset=_offset(names), **_legend(names))
    ticks = alt.Chart(data(floors)).mark_tick(thickness=3, color=INK, size=44).encode(x=x, y=y)
    return alt.layer(ticks, dots, ranges, answers).properties(
        width=WIDTH, height=max(70, 16 * len(names)) * len(chart.axes)
    )


def _offset(names: list[str]) -> alt.YOffset:
    return alt.YOffset("name:N", scale=alt.Scale(domain=names))


def _rows(
    parties: tuple[str, ...], outcomes: Iterable[tuple[str, tuple[float, ...], tuple[float, ...]]]
) -> list[Row]:
    return [
        {"name": name, "party": lines(party), "x": a, "x2": b}
        for name, low, high in outcomes
        for party, a, b in zip(parties, low, high, strict=True)
    ]


def _spans(chart: Spans) -> Layer:
    """A bar from low to high in each row, and a tick where its floor is."""
    rows = [{"row": lines(name), "low": a, "high": b, "floor": floor} for name, a, b, floor in chart.rows]
    title = f"{chart.axis} (dark tick: {chart.floor_name.lower()})"
    scale = _scale(value for row in chart.rows for value in row[1:])
    low, high, floor = (alt.X(f"{key}:Q", title=title, scale=scale) for key in ("low", "high", "floor"))
    base = alt.Chart(data(rows)).encode(y=alt.Y("row:N", title=None, sort=None, axis=LINES))
    bars = base.mark_bar(height=10, color=COLOURS[1]).encode(x=low, x2="high:Q")
    ends = base.mark_point(filled=True, size=90, color=COLOURS[1], opacity=1)
    ticks = base.mark_tick(thickness=4, size=26, color=INK, opacity=1).encode(x=floor)
    layers = (bars, ends.encode(x=low), ends.encode(x=high), ticks)
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(40))
