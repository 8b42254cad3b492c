"""The sections of a report that is handed up, and of the shorter page for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from winset.analyses import named
from winset.analyses.result import Result
from winset.analyses.sections import Part, Section, Verdict
from winset.case import tiers
from winset.case.model import Case
from winset.report import matrix, overview, provenance


def brief(case: Case, results: Sequence[Result]) -> tuple[Section, ...]:
    """The case in brief, then what each result says, and how it was found."""
    case = _in_play(case, results)
    return (*overview.brief(case), *_findings(case, results), _method(results))


def full(case: Case, results: Sequence[Result], unanswered: str = "") -> tuple[Section, ...]:
    """A summary, then all that a reader needs who has nothing but these pages.

    `unanswered` says what was asked and could not be answered.
    """
    whole, case = case, _in_play(case, results)
    before = overview.setting(case)
    after = (overview.doubts(case), matrix.section(case), *overview.known(case))
    closing = (provenance.section(case, whole), _method(results))
    found = tuple(s for s in (*before, *_findings(case, results), *after, *closing) if s.parts)
    return (_summary(found, unanswered), *found)


def _in_play(case: Case, results: Sequence[Result]) -> Case:
    extended = any(result.parameters.get("extended") for result in results)
    return case if extended else tiers.core_of(case)


def _findings(case: Case, results: Sequence[Result]) -> Iterator[Section]:
    for result in results:
        yield from named(result.analysis).sections(case, result)


def _summary(sections: Sequence[Section], unanswered: str) -> Section:
    said = [verdict for section in sections for verdict in section.lead]
    left_out = [Verdict(unanswered, "part")] if unanswered else []
    return Section("In short", tuple(dict.fromkeys([*said, *left_out])))


def _method(results: Sequence[Result]) -> Section:
    """The methods of the analyses shown, and of those that these rest on."""
    names = [name for result in results for name in (*named(result.analysis).needs, result.analysis)]
    parts: list[Part] = [part for name in dict.fromkeys(names) for part in named(name).method]
    return Section("How this was found", tuple(parts))
