"""`winset analyse`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from winset.analyses import ANALYSES, analyse_all
from winset.case.files import write_atomically
from winset.commands.naming import parse_package
from winset.commands.speak import say
from winset.formats import load_case
from winset.report import data, overview, pages, terminal


def run(
    name: str,
    console: Console,
    only: Sequence[str],
    json_to: str | None,
    package: str | None,
    *,
    extended: bool,
) -> None:
    """Run the analyses on a case; print what they say, or write it as JSON."""
    case = load_case(name)
    wanted = list(dict.fromkeys(only)) or [analysis.id for analysis in ANALYSES]
    chosen = None if package is None else parse_package(package)
    results = analyse_all(case, wanted, extended=extended, package=chosen)
    if json_to == "-":
        sys.stdout.write(data.to_json(case, results))
        return
    if json_to is not None:
        write_atomically(Path(json_to), data.to_json(case, results))
    terminal.print_sections(console, overview.heading(case), pages(case, results))
    if json_to is not None:
        say(console, f"\nWritten: {json_to}")
