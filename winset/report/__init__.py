"""Results to a page: text for a terminal, JSON for scripts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Literal

from rich.console import Console

from winset.analyses import named
from winset.analyses.result import Result
from winset.analyses.sections import Section
from winset.case import tiers
from winset.case.model import Case
from winset.report import data, overview, terminal


def pages(case: Case, results: Sequence[Result]) -> tuple[Section, ...]:
    """The sections of a report: the case in brief, then what each result says."""
    extended = any(result.parameters.get("extended") for result in results)
    in_play = case if extended else tiers.core_of(case)
    found = list(overview.brief(in_play))
    for result in results:
        found += named(result.analysis).sections(in_play, result)
    return tuple(found)


def render(
    case: Case, results: Sequence[Result], form: Literal["text", "json"] = "text", *, width: int = 100
) -> str:
    """Results as plain text, `width` characters wide, or as JSON."""
    if form == "json":
        return data.to_json(case, results)
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None, force_terminal=False)
    terminal.print_sections(console, overview.heading(case), pages(case, results))
    return stream.getvalue()
