"""Sections to a terminal, with Rich."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from winset.analyses.sections import (
    Cell,
    Figure,
    Listing,
    Mark,
    Matrix,
    Note,
    Part,
    Score,
    Section,
    Table,
    Verdict,
)

WIDEST_WORD = 18
INDENT = 2
BETWEEN_COLUMNS = 3
_STYLES = {"plain": "", "yes": "green", "no": "red", "part": "yellow"}


def print_sections(console: Console, title: str, sections: Iterable[Section]) -> None:
    """Print a title and sections under it, as wide as the console is."""
    console.print(Text(title, style="bold"))
    for section in sections:
        console.print()
        console.print(Text(section.title, style="bold underline"))
        several = sum(isinstance(part, Table | Figure) for part in section.parts) > 1
        for part in section.parts:
            _print_part(console, part, named=several)


def _print_part(console: Console, part: Part, *, named: bool = False) -> None:
    """A part; tables under their captions where there are several and each must be told from the others."""
    match part:
        case Verdict(text, tone):
            console.print(Padding(Text(text, style=f"bold {_STYLES[tone]}".strip()), (0, 0, 0, INDENT)))
        case Note(text):
            console.print(Padding(Text(text), (0, 0, 0, INDENT)))
        case Table():
            if named and part.caption:
                console.print(Padding(Text(part.caption, style="italic"), (1, 0, 0, INDENT)))
            for columns in _slices(part, console.width - INDENT):
                console.print(Padding(_table(part, columns, console.width - INDENT), (0, 0, 0, INDENT)))
        case Figure():
            _print_part(console, part.table, named=named)
        case Listing(title, entries):
            _print_part(console, Table((title, ""), entries))
        case Matrix():
            _print_part(console, _flat(part))


def _flat(matrix: Matrix) -> Table:
    """A matrix as a plain table: an issue's title and weights, then its options."""
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for block in matrix.blocks:
        breaks.add(len(rows))
        rows.append((block.title, *(_score(weight) for weight in block.weights)))
        rows += [(label, *(_score(score) for score in scores)) for _, label, scores in block.options]
    return Table((matrix.caption, *matrix.columns), tuple(rows), breaks=frozenset(breaks))


def _score(score: Score) -> str:
    return ", ".join(part for part in (score.text, score.line) if part)


def _slices(part: Table, width: int) -> Iterator[list[int]]:
    """The columns in groups that fit the width, each with the first: nothing is ever cut off."""
    widths = [_longest_word(part, place) + BETWEEN_COLUMNS for place in range(len(part.columns))]
    group = [0]
    for place in range(1, len(part.columns)):
        if len(group) > 1 and sum(widths[i] for i in (*group, place)) > width:
            yield group
            group = [0]
        group.append(place)
    yield group


def _table(part: Table, columns: list[int], width: int) -> RichTable:
    table = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for place, wide in zip(columns, _widths(part, columns, width), strict=True):
        table.add_column(Text(part.columns[place]), overflow="fold", width=wide)
    for number, row in enumerate(part.rows):
        if number and number in part.breaks:
            table.add_section()
        table.add_row(*(_cell(row[place]) for place in columns))
    return table


def _widths(part: Table, columns: list[int], width: int) -> list[int]:
    """What each column gets: room for its longest word, and of the rest its share of what it lacks.

    Left to itself, Rich takes from columns what they must have and cuts off the last.
    """
    least = [_longest_word(part, place) for place in columns]
    wanted = [max(_texts(part, place), key=len) for place in columns]
    lacks = [max(0, len(text) - need) for text, need in zip(wanted, least, strict=True)]
    spare = max(0, width - sum(least) - BETWEEN_COLUMNS * (len(columns) - 1))
    if sum(lacks) <= spare:
        return [need + lack for need, lack in zip(least, lacks, strict=True)]
    return [need + lack * spare // sum(lacks) for need, lack in zip(least, lacks, strict=True)]


def _texts(part: Table, place: int) -> list[str]:
    """All that stands in a column, its heading first."""
    return [part.columns[place], *(_cell(row[place]).plain for row in part.rows)]


def _longest_word(part: Table, place: int) -> int:
    """The width below which words would break, within reason."""
    words = (word for text in _texts(part, place) for word in (text.split() or [""]))
    return min(WIDEST_WORD, max(map(len, words)))


def _cell(cell: Cell) -> Text:
    return Text(cell.text, style=_STYLES[cell.tone]) if isinstance(cell, Mark) else Text(cell)
