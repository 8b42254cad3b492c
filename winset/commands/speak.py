"""Lines to a terminal."""

from __future__ import annotations

from rich.console import Console


def say(console: Console, line: str) -> None:
    """A line as it is: no markup, no wrapping."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)
