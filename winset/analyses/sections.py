"""What a result has to say, as plain data: no HTML, no colours, no widths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "yes", "no", "part"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A short text with a meaning that a renderer may colour: it must be readable without."""

    text: str
    tone: Tone = "plain"


Cell = str | Mark


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding in a sentence."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Note:
    """What must be known to read a finding: a caveat, a method, a source."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first column names the row. `groups` starts new blocks of rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    breaks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """Names and what is said of each; a page may fold it away under its title."""

    title: str
    entries: tuple[tuple[str, str], ...]


Line = Literal["", "red line", "possible red line"]
Basis = Literal["judgement", "a source", "a source and judgement"]


@dataclass(frozen=True, slots=True)
class Score:
    """How good an option is for somebody, or how much an issue weighs: `level` is the shade, 0 to 1.

    `rests_on` says what carries the number.
    """

    text: str
    level: float | None
    line: Line = ""
    rests_on: Basis = "judgement"


@dataclass(frozen=True, slots=True)
class Block:
    """An issue in a matrix: its weights by column, its options with a score by column, and the reasons."""

    name: str
    title: str
    weights: tuple[Score, ...]
    options: tuple[tuple[str, str, tuple[Score, ...]], ...]
    reasons: Listing | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """What each column's faction makes of every option, issue by issue."""

    caption: str
    columns: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something drawn by its points on each axis, low to high where it is a range."""

    name: str
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """A chart of outcomes by the points of each party, walk-aways marked, over a background of others."""

    axes: tuple[str, ...]
    floors: tuple[float, ...]
    shown: tuple[Outcome, ...]
    background: tuple[tuple[float, ...], ...]
    background_name: str


@dataclass(frozen=True, slots=True)
class Spans:
    """A chart of ranges of points, one row each, against a floor of its own."""

    axis: str
    floor_name: str
    rows: tuple[tuple[str, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Stacks:
    """A chart of wholes cut into parts, one row each: the name of a row, its parts (who, how much, of which
    kind) and the bar that the first kind must reach, where there is one. `kinds` go from best to worst; the
    last is `rest` when it is what remains."""

    axis: str
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, float, str], ...], float | None], ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """A chart of marks on days, one row each: the day, what stands in the mark, and its kind. `kinds` go from
    best to worst."""

    axis: str
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[float, str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """A chart of lines that go in steps through points (x, y), in their order."""

    axes: tuple[str, str]
    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


Chart = Outcomes | Spans | Stacks | Timeline | Curves


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table, which says the same and stands in where nothing can be drawn."""

    title: str
    says: str
    chart: Chart
    table: Table


Part = Verdict | Note | Table | Listing | Matrix | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; `lead` are the sentences that a summary takes from it."""

    title: str
    parts: tuple[Part, ...]
    lead: tuple[Verdict, ...] = ()
