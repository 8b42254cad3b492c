"""Cases with all that is answered about them, and their reports; those of the catalogue once a process."""

from __future__ import annotations

from functools import cache

import winset
from winset.analyses import analyse_all, by_default
from winset.analyses.result import Result
from winset.case.model import Case
from winset.formats import load_case


@cache
def answered(name: str) -> tuple[Case, list[Result]]:
    """A case of the catalogue, and what is answered about it by default."""
    case = load_case(name)
    return case, analyse_all(case, by_default(case))


@cache
def page(name: str) -> str:
    """The report on a case of the catalogue."""
    return winset.render(*answered(name), "html")


def page_of(case: Case) -> str:
    """The report on any case."""
    return winset.render(case, analyse_all(case, by_default(case)), "html")
