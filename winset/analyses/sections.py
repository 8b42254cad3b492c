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


Part = Verdict | Note | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    parts: tuple[Part, ...]
