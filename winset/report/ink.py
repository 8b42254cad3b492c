"""What all charts share: colours, shapes, sizes, and rows as Vega-Lite takes them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt

WIDTH, WRAP = 420, 34
LETTERS = 62  # that fit across a chart
INK = "#222222"
PALE = "#8a8a8a"
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7a5195")
# From best to worst: told apart by place in the bar and by name, and by lightness in grey.
STEPS = ("#0072b2", "#9fc9e8", "#f3c08a", "#b1400a")
REST = "#e4e4e4"
SHAPES = ("square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 3])

Row = dict[str, Any]
Layer = alt.LayerChart | alt.FacetChart

LABELS = "split(datum.label, '\\n')"
LINES = alt.Axis(labelExpr=LABELS)


def data(rows: Iterable[Row]) -> alt.InlineData:
    """Rows as Vega-Lite takes them."""
    return alt.InlineData(list(rows))


def lines(name: str) -> str:
    """A name in lines that fit beside an axis; LINES takes them apart again."""
    return "\n".join(textwrap.wrap(name, WRAP))
