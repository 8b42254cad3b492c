"""Results to a page: text for a terminal, a paper in HTML, JSON for scripts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import import_module
from typing import Literal

from rich.console import Console

from winset.analyses.result import Result
from winset.case.model import Case
from winset.report import data, dossier, overview, terminal

Form = Literal["text", "json", "html"]


def render(
    case: Case, results: Sequence[Result], form: Form = "text", *, width: int = 100, unanswered: str = ""
) -> str:
    """Results as plain text, `width` characters wide, as JSON, or as one self-contained HTML page.

    The page says in its summary what could not be answered, where `unanswered` says so.
    """
    if form == "json":
        return data.to_json(case, results)
    if form == "html":
        # Charts take a second to load: only who asks for a page waits for it.
        page: str = import_module("winset.report.html").page(case, results, unanswered)
        return page
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None, force_terminal=False)
    terminal.print_sections(console, overview.heading(case), dossier.brief(case, results))
    return stream.getvalue()
