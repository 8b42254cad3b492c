"""`winset analyse`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from winset.analyses import ANALYSES, analyse_all, by_default, named, wording
from winset.analyses.result import Result
from winset.analyses.sampling import SAMPLING
from winset.case.files import write_atomically
from winset.case.ledger import read_ledger
from winset.case.model import Case
from winset.commands import progress
from winset.commands.naming import IdleOption, parse_package
from winset.commands.speak import say
from winset.errors import LimitExceeded, NotApplicable
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
    asked = list(dict.fromkeys(only)) or _by_default(case, parameters)
    if package is not None:
        parameters["package"] = parse_package(package)
    if "ledger" in parameters:
        reported = read_ledger(Path(str(parameters.pop("ledger"))), case)
        parameters["delivered"] = reported.delivered(case, counting="verified")
        parameters["since"] = reported.last_day("verified")
    _refuse_idle(asked, parameters)
    with progress.shown(asked, parameters) as told:
        results, left_out = _analysed(case, asked, {**parameters, **told}, all_of_them=bool(only))
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
    case: Case, asked: Sequence[str], parameters: Mapping[str, Any], *, all_of_them: bool
) -> tuple[list[Result], str]:
    """The results, and in words what a case is too large for or lacks something for; LimitExceeded or
    NotApplicable where all were asked for, or nothing can be answered."""
    if all_of_them:
        return analyse_all(case, asked, **parameters), ""
    refusals: dict[str, LimitExceeded | NotApplicable] = {}
    results = analyse_all(case, asked, **{**parameters, "refused": refusals.__setitem__})
    if not results and refusals:
        raise next(iter(refusals.values()))
    questions: dict[str, list[str]] = {}
    for name, limit in refusals.items():
        questions.setdefault(str(limit), []).append(named(name).question)
    said = (f"Not answered: {wording.joined(rest)} For this, {why}." for why, rest in questions.items())
    return results, " ".join(said)


def _by_default(case: Case, parameters: Mapping[str, object]) -> list[str]:
    """All that apply to the case, over draws where draws are asked for, and levers where one is named."""
    asked = by_default(case, drawing="draws" in parameters)
    return asked + (["levers"] if "levers" in parameters and "levers" not in asked else [])


def _refuse_idle(asked: Sequence[str], parameters: Mapping[str, object]) -> None:
    """An option that none of the analyses asked for would look at must not pass in silence."""
    drawing = "draws" in parameters or any(named(name).over_draws for name in asked)
    for key in (key for key in parameters if key != "since"):
        if key in SAMPLING and not drawing and not any(key in named(name).own for name in asked):
            raise IdleOption(f"--{key} is for draws; ask for some with --draws N")
        if key == "package" and asked == ["agreement"] and not drawing:
            raise IdleOption("--package is for sticking, which --only leaves out, or for draws: --draws N")
        if not any(key in named(name).parameters for name in asked):
            takers = [analysis.id for analysis in ANALYSES if key in analysis.parameters]
            option = {"levers": "lever", "delivered": "ledger"}.get(key, key.replace("_", "-"))
            raise IdleOption(
                f"--{option} is for {wording.joined(takers)}; ask for that with --only {takers[0]}"
            )
