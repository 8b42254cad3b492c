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
        for part in section.parts:
            _print_part(console, part)


def _print_part(console: Console, part: Part) -> None:
    match part:
        case Verdict(text, tone):
            console.print(Padding(Text(text, style=f"bold {_STYLES[tone]}".strip()), (0, 0, 0, INDENT)))
        case Note(text):
            console.print(Padding(Text(text), (0, 0, 0, INDENT)))
        case Table():
            for columns in _slices(part, console.width - INDENT):
                console.print(Padding(_table(part, columns), (0, 0, 0, INDENT)))
        case Figure():
            _print_part(console, part.table)
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


def _table(part: Table, columns: list[int]) -> RichTable:
    table = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for place in columns:
        table.add_column(Text(part.columns[place]), overflow="fold", min_width=_longest_word(part, place))
    for number, row in enumerate(part.rows):
        if number and number in part.breaks:
            table.add_section()
        table.add_row(*(_cell(row[place]) for place in columns))
    return table


def _longest_word(part: Table, place: int) -> int:
    """The width below which words would break, within reason."""
    texts = [part.columns[place], *(_cell(row[place]).plain for row in part.rows)]
    return min(WIDEST_WORD, max(len(word) for text in texts for word in (text.split() or [""])))


def _cell(cell: Cell) -> Text:
    return Text(cell.text, style=_STYLES[cell.tone]) if isinstance(cell, Mark) else Text(cell)
