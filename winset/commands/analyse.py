"""`winset analyse`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from winset.analyses import ANALYSES, analyse_all, named, wording
from winset.analyses.result import Result
from winset.case.files import write_atomically
from winset.case.model import Case
from winset.commands.naming import IdleOption, parse_package
from winset.commands.speak import say
from winset.errors import LimitExceeded
from winset.formats import load_case
from winset.report import Form, dossier, overview, render, terminal


def run(
    name: str,
    console: Console,
    only: Sequence[str],
    files: Mapping[Form, str | None],
    package: str | None,
    **parameters: object,
) -> None:
    """Run the analyses on a case; print what they say, or write it in the forms that `files` name."""
    wanted = {form: file for form, file in files.items() if file is not None}
    case = load_case(name)
    asked = list(dict.fromkeys(only)) or [analysis.id for analysis in ANALYSES]
    if package is not None:
        parameters["package"] = parse_package(package)
    _refuse_idle(asked, parameters)
    results, left_out = _analysed(case, asked, parameters, all_of_them=bool(only))
    for form, file in wanted.items():
        if file != "-":
            write_atomically(Path(file), render(case, results, form, unanswered=left_out))
    if "-" in wanted.values():
        form = next(form for form, file in wanted.items() if file == "-")
        sys.stdout.write(render(case, results, form, unanswered=left_out))
        if left_out:
            sys.stderr.write(f"{left_out}\n")
        return
    terminal.print_sections(console, overview.heading(case), dossier.brief(case, results))
    if left_out:
        say(console, f"\n{left_out}")
    for file in wanted.values():
        say(console, f"\nWritten: {file}")


def _analysed(
    case: Case, asked: Sequence[str], parameters: Mapping[str, object], *, all_of_them: bool
) -> tuple[list[Result], str]:
    """The results, and in words what a case is too large for; LimitExceeded where all were asked for."""
    try:
        return analyse_all(case, asked, **parameters), ""
    except LimitExceeded as limit:
        able = [name for name in asked if not named(name).needs]
        if all_of_them or able == list(asked):
            raise
        taken = {key for name in able for key in named(name).parameters}
        kept = {key: value for key, value in parameters.items() if key in taken}
        rest = wording.joined(named(name).question for name in asked if name not in able)
        return analyse_all(case, able, **kept), f"Not answered: {rest} For this, {limit}."


def _refuse_idle(asked: Sequence[str], parameters: Mapping[str, object]) -> None:
    """An option that none of the analyses asked for would look at must not pass in silence."""
    for key in parameters:
        if not any(key in named(name).parameters for name in asked):
            takers = wording.joined(analysis.id for analysis in ANALYSES if key in analysis.parameters)
            raise IdleOption(f"--{key.replace('_', '-')} is for {takers}, which --only leaves out")
