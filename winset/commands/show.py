"""`winset show`."""

from __future__ import annotations

from rich.console import Console

from winset.analyses import arithmetic
from winset.commands.naming import IncompletePackage, parse_package
from winset.errors import UnknownName
from winset.formats import load_case
from winset.report import overview, terminal
from winset.space.build import build_space
from winset.space.package import judge, open_issues, read_package


def run(name: str, console: Console, package: str | None, text: str | None, *, extended: bool) -> None:
    """Print the case, or the arithmetic of one package."""
    case = load_case(name)
    if package is None and text is None:
        terminal.print_sections(console, overview.heading(case), overview.full(case))
        return
    space = build_space(case, extended=extended)
    chosen: dict[str, str] = {}
    if text is not None:
        if text not in space.case.texts:
            raise UnknownName("text", text, space.case.texts)
        chosen.update(space.case.texts[text].package)
    chosen.update(parse_package(package or ""))
    missing = open_issues(space, read_package(space, chosen))
    if missing:
        examples = ",".join(f"{issue}={space.options[space.issues.index(issue)][0]}" for issue in missing)
        raise IncompletePackage(
            f"the package leaves open {', '.join(missing)}; add --package {examples}, say"
        )
    judgement = judge(space, chosen)
    terminal.print_sections(console, overview.heading(case), arithmetic.sections(space.case, judgement))
