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

from winset.analyses.sections import Chart, Outcomes, Spans, Stacks

WIDTH, WRAP = 420, 34
LETTERS = 62  # that fit across a chart
INK = "#222222"
PALE = "#8a8a8a"
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7a5195")
# From best to worst: told apart by place in the bar and by name, and by lightness in grey.
STEPS = ("#0072b2", "#9fc9e8", "#f3c08a", "#b1400a")
REST = "#e4e4e4"
SHAPES = ("square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
# Measured with one font and shown in another: room at the left keeps wider letters inside.
FONT = "Arial, Helvetica, sans-serif"
ROOM = {"left": 28, "right": 12, "top": 8, "bottom": 8}

Row = dict[str, Any]
Layer = alt.LayerChart | alt.FacetChart


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
            drawn = _stacks(chart)
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


_LINES = alt.Axis(labelExpr="split(datum.label, '\\n')")


def _data(rows: Iterable[Row]) -> alt.InlineData:
    return alt.InlineData(list(rows))


def _lines(name: str) -> str:
    """A name in lines that fit beside an axis; _LINES takes them apart again."""
    return "\n".join(textwrap.wrap(name, WRAP))


def _plane(chart: Outcomes) -> Layer:
    """Two parties: one axis each, walk-aways as dashed lines, ranges as boxes."""
    names = [chart.background_name, *(outcome.name for outcome in chart.shown)]
    x, y = (_axis(chart, place) for place in (0, 1))
    floors = [
        alt.Chart(_data([{"at": floor}])).mark_rule(strokeDash=[5, 4], color=INK).encode(**{axis: "at:Q"})
        for axis, floor in zip("xy", chart.floors, strict=True)
    ]
    back = alt.Chart(_data({"name": names[0], "x": a, "y": b} for a, b in chart.background))
    dots = back.mark_point(size=190, opacity=1, strokeWidth=1.6).encode(x=x, y=y, **_legend(names))
    shown = [_at(outcome.name, outcome.low, outcome.high) for outcome in chart.shown]
    boxes = alt.Chart(_data(row for row in shown if row["wide"]))
    ranges = boxes.mark_rect(opacity=0.25, stroke=INK, strokeDash=[2, 2]).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=_colour(names)
    )
    marks = alt.Chart(_data(row for row in shown if not row["wide"])).mark_point(
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
    y = alt.Y("party:N", title=None, sort=None, axis=_LINES)
    back = _rows(chart.axes, ((names[0], point, point) for point in chart.background))
    shown = _rows(chart.axes, ((o.name, o.low, o.high) for o in chart.shown))
    floors = _rows(chart.axes, [("", chart.floors, chart.floors)])
    points = alt.Chart(_data(back)).mark_point(size=60, strokeWidth=1.6, opacity=1)
    dots = points.encode(x=x, y=y, yOffset=_offset(names), **_legend(names))
    bars = alt.Chart(_data(shown)).mark_rule(strokeWidth=5, opacity=0.8)
    ranges = bars.encode(x=x, x2="x2:Q", y=y, color=_colour(names), yOffset=_offset(names))
    exact = alt.Chart(_data(row for row in shown if row["x"] == row["x2"]))
    marks = exact.mark_point(filled=True, size=90, opacity=1)
    answers = marks.encode(x=x, y=y, yOffset=_offset(names), **_legend(names))
    ticks = alt.Chart(_data(floors)).mark_tick(thickness=3, color=INK, size=44).encode(x=x, y=y)
    return alt.layer(ticks, dots, ranges, answers).properties(
        width=WIDTH, height=max(70, 16 * len(names)) * len(chart.axes)
    )


def _offset(names: list[str]) -> alt.YOffset:
    return alt.YOffset("name:N", scale=alt.Scale(domain=names))


def _rows(
    parties: tuple[str, ...], outcomes: Iterable[tuple[str, tuple[float, ...], tuple[float, ...]]]
) -> list[Row]:
    return [
        {"name": name, "party": _lines(party), "x": a, "x2": b}
        for name, low, high in outcomes
        for party, a, b in zip(parties, low, high, strict=True)
    ]


def _spans(chart: Spans) -> Layer:
    """A bar from low to high in each row, and a tick where its floor is."""
    rows = [{"row": _lines(name), "low": a, "high": b, "floor": floor} for name, a, b, floor in chart.rows]
    title = f"{chart.axis} (dark tick: {chart.floor_name.lower()})"
    scale = _scale(value for row in chart.rows for value in row[1:])
    low, high, floor = (alt.X(f"{key}:Q", title=title, scale=scale) for key in ("low", "high", "floor"))
    base = alt.Chart(_data(rows)).encode(y=alt.Y("row:N", title=None, sort=None, axis=_LINES))
    bars = base.mark_bar(height=10, color=COLOURS[1]).encode(x=low, x2="high:Q")
    ends = base.mark_point(filled=True, size=90, color=COLOURS[1], opacity=1)
    ticks = base.mark_tick(thickness=4, size=26, color=INK, opacity=1).encode(x=floor)
    layers = (bars, ends.encode(x=low), ends.encode(x=high), ticks)
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(40))


def _stacks(chart: Stacks) -> Layer:
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
            rows.append({"row": _lines(name), "kind": kind, **ends, **named})
            start += size
        if needed is not None:
            marks.append({"row": _lines(name), "at": needed})
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
    y = alt.Y("row:N", title=None, sort=None, axis=_LINES)
    bars = alt.Chart(_data(rows)).mark_bar(height=34, stroke="white", strokeWidth=2)
    layers: list[alt.Chart] = [
        bars.encode(
            x=alt.X("from:Q", title=chart.axis, scale=scale),
            x2="to:Q",
            y=y,
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=colours)),
        )
    ]
    if marks:
        ticks = alt.Chart(_data(marks)).mark_tick(thickness=4, size=48, color="black", opacity=1)
        layers.append(ticks.encode(x=alt.X("at:Q", scale=scale), y=y))
    for ink, dark in (("white", True), (INK, False)):
        named = alt.Chart(_data(row for row in rows if row["dark"] is dark)).mark_text(fontSize=12, color=ink)
        layers.append(named.encode(x=alt.X("at:Q", scale=scale), y=y, text="who:N"))
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(56))
