"""What each faction makes of every option, side by side, with its reasons: the issue matrix."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.sections import Basis, Block, Line, Listing, Matrix, Note, Part, Score, Section
from winset.case import conditions, table
from winset.case.base import JUDGEMENT
from winset.case.model import Case, Preference, Ranking
from winset.report import wants

TITLE = "What each wants, option by option"
WIDEST = 8


def section(case: Case) -> Section:
    """One matrix a side, and one for the third parties; eight factions at most beside each other."""
    parts: list[Part] = []
    for name, refs in _sides(case):
        for start in range(0, len(refs), WIDEST):
            shown = refs[start : start + WIDEST]
            more = f", {start + 1} to {start + len(shown)} of {len(refs)}" if len(refs) > WIDEST else ""
            parts.append(_matrix(case, name + more, shown))
    parts += _on_combinations(case)
    return Section(TITLE, tuple(parts))


def _on_combinations(case: Case) -> Iterator[Note]:
    """Red lines that no single option crosses, which no cell of a matrix can show."""
    for ref, preference in case.preferences.items():
        for key, chance in preference.red_lines.items():
            line = conditions.red_line(key)
            if not (isinstance(line, conditions.Is) and len(line.options) == 1) and chance.high > 0:
                kind = "Red line" if chance.counts else "Possible red line"
                yield Note(f"{kind} of {wording.faction_name(case, ref)}: {wording.condition(line)}.")


def _sides(case: Case) -> Iterator[tuple[str, list[str]]]:
    for side, party in case.parties.items():
        refs = [ref for ref in table.refs_of_party(side, party) if ref in case.preferences]
        if refs:
            yield party.name, refs
    third = [mediator for mediator in case.mediators if mediator in case.preferences]
    if third:
        yield "Third parties", third


def _matrix(case: Case, caption: str, refs: list[str]) -> Matrix:
    columns = tuple(table.name_of(case, ref) for ref in refs)
    return Matrix(caption, columns, tuple(_block(case, issue, refs) for issue in case.issues))


def _block(case: Case, issue: str, refs: list[str]) -> Block:
    preferences = [case.preferences[ref] for ref in refs]
    reasons = tuple(
        (table.name_of(case, ref), reason.text + wants.cited(reason.source or preference.source))
        for ref, preference in zip(refs, preferences, strict=True)
        if (reason := preference.because.get(issue)) is not None
    )
    about = case.issues[issue].because
    if about is not None:
        reasons = (("Why it sticks", about.text + wants.cited(about.source)), *reasons)
    return Block(
        name=issue,
        title=case.issues[issue].title,
        weights=tuple(_weight(preference, issue) for preference in preferences),
        options=tuple(
            (option, given.label, tuple(_score(preference, issue, option) for preference in preferences))
            for option, given in case.issues[issue].options.items()
        ),
        reasons=Listing("Why", reasons) if reasons else None,
    )


def _weight(preference: Preference, issue: str) -> Score:
    """The issue's weight as a share of all weights in play, or its rank."""
    given = preference.weights
    if isinstance(given, Ranking):
        return Score(f"rank {wants.rank(given, issue)}", None, rests_on=_basis(preference.source))
    whole = sum(weight.point for weight in given.values())
    if issue not in given:
        return Score("0%", None)
    basis = _basis(given[issue].source or preference.source)
    return Score(f"{100 * given[issue].point / whole:.0f}%", None, rests_on=basis)


def _score(preference: Preference, issue: str, option: str) -> Score:
    given = preference.scores.get(issue)
    chance = preference.red_lines.get(f"{issue}.{option}")
    crossed = chance is not None and chance.high > 0
    line: Line = "" if chance is None or not crossed else "red line" if chance.counts else "possible red line"
    if given is None:
        return Score("–", None, line)
    if isinstance(given, Ranking):
        place, last = wants.rank(given, option), max(len(given.levels) - 1, 1)
        return Score(f"rank {place}", 1 - (place - 1) / last, line, _basis(preference.source))
    number = given[option]
    text = wording.span_around(number.low, number.point, number.high)
    return Score(text, number.point / 100, line, _basis(number.source or preference.source))


def _basis(source: tuple[str, ...] | None) -> Basis:
    sourced = any(name != JUDGEMENT for name in source or ())
    if not sourced:
        return "judgement"
    return "a source and judgement" if JUDGEMENT in (source or ()) else "a source"
