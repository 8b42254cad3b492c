"""A bar on standard error while draws run: how many are done, and the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from winset.analyses import named


@contextmanager
def shown(
    asked: Sequence[str], parameters: Mapping[str, object]
) -> Iterator[dict[str, Callable[[int, int], None]]]:
    """The parameter `progress` for analyses that draw, where somebody watches a terminal; else nothing."""
    draws = "draws" in parameters or any(named(name).over_draws for name in asked)
    if not draws or not sys.stderr.isatty():
        yield {}
        return
    columns = (TextColumn("Draws"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("draws", total=None)
        yield {"progress": lambda done, of: bar.update(task, completed=done, total=of)}
