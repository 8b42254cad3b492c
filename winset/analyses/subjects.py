"""What several analyses look at one by one: a named package, the texts, the answers of `agreement`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from winset.analyses.result import Result
from winset.case import tiers
from winset.case.model import Case
from winset.errors import NotApplicable


@dataclass(frozen=True, slots=True)
class Named:
    """Something to look at: its id, title and package; whether it is a text, or an answer of `agreement`."""

    id: str
    title: str
    package: Mapping[str, str]
    text: bool = False
    candidate: bool = False


def subjects(
    case: Case, agreement: Result, package: Mapping[str, str] | None, *, every_text: bool
) -> Iterator[Named]:
    """A named package first, then the text on the table or every text, then the answers; equal answers once.

    `case` is the case in play.
    """
    if package:
        yield Named("package", "the package asked about", package)
    order = sorted(case.texts, key=lambda name: name != case.on_the_table)
    for name in order:
        if every_text or name == case.on_the_table:
            yield Named(name, case.texts[name].title or name, case.texts[name].package, text=True)
    answers: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for name, solution in getattr(agreement, "solutions", {}).items():
        if solution.vectors and solution.vectors[0].packages and not solution.over_completions:
            key = tuple(solution.vectors[0].packages[0].items())
            answers.setdefault(key, {})[name] = solution.title
    for key, titles in answers.items():
        yield Named(next(iter(titles)), ", ".join(titles.values()), dict(key), candidate=True)


def refuse_extended(case: Case, package: Mapping[str, str] | None, *, extended: bool) -> None:
    """NotApplicable where the package settles an issue that is not in play."""
    for issue in () if extended else tiers.extended_issues(case):
        if issue in (package or ()):
            raise NotApplicable(f"'{issue}' is an extended issue; take those into play with --extended")
