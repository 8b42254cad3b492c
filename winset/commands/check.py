"""`winset check`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from winset.case import read, tiers
from winset.case.fingerprint import content_hash
from winset.case.model import Case
from winset.commands.speak import say
from winset.errors import CaseError, Fault
from winset.formats import load_case
from winset.space.build import build_space


def run(names: Sequence[str], console: Console) -> None:
    """Say of each case whether it is sound, and what to look at; CaseError with all faults of all cases."""
    faults: list[Fault] = []
    for name in names:
        try:
            case = load_case(name)
            size = _size(case)
        except CaseError as error:
            faults += error.faults
            continue
        for doubt in read.warnings(case):
            say(console, f"to check: {doubt}")
        say(console, f"{name}: sound; {size}. Content hash {content_hash(case)[:12]}.")
    if faults:
        raise CaseError(faults)


def _size(case: Case) -> str:
    people = f"parties: {len(case.parties)}, mediators: {len(case.mediators)}"
    if not (case.issues and case.preferences):
        return f"{people}, issues: {len(case.issues)}"
    space = build_space(case)
    left_out = len(tiers.extended_issues(case))
    extended = f" and {left_out} extended" if left_out else ""
    return f"{people}, issues: {len(space.issues)}{extended}, packages: {space.size:,}"
